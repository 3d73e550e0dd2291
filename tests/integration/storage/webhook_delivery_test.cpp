#include "webhook_stage.hpp"

#include <set>

namespace libra {
namespace {

using testing::WebhookStage;
using namespace std::chrono_literals;

const DeliveryOutcome k_delivered{.duration = 20ms, .status_code = 204};

DeliveryOutcome failed(std::optional<std::chrono::milliseconds> retry_in)
{
    return {
        .duration = 30ms,
        .status_code = 500,
        .error = "the receiver answered 500",
        .retry_in = retry_in};
}

DeliveryRecord only_delivery(WebhookStage& stage, const std::string& webhook = "hook-1")
{
    const DeliveryPage page = stage.store.deliveries(stage.ada, "org-1", webhook, {}, 10).value();
    REQUIRE(page.deliveries.size() == 1);
    return page.deliveries[0];
}

TEST_CASE("a message that was taken is not sent again")
{
    WebhookStage stage;
    stage.create("hook-1");
    stage.store.test(stage.ada, "org-1", "hook-1");

    const ClaimedDelivery claimed = stage.claim_delivery();
    CHECK(claimed.webhook_id == "hook-1");
    CHECK(claimed.url == "https://a.test/hook-1");
    CHECK(claimed.tries == 0);
    REQUIRE(stage.deliveries.record("sender-1", claimed, k_delivered).has_value());

    CHECK(stage.nothing_due());
    const DeliveryRecord record = only_delivery(stage);
    CHECK(record.status == "delivered");
    CHECK(record.attempts == 1);
    CHECK(record.finished_at.has_value());
    CHECK_FALSE(record.due_at.has_value());
}

TEST_CASE("a message that was not taken is due again after its pause")
{
    WebhookStage stage;
    stage.create("hook-1");
    stage.store.test(stage.ada, "org-1", "hook-1");
    REQUIRE(stage.deliveries.record("sender-1", stage.claim_delivery(), failed(1h)).has_value());

    CHECK(stage.nothing_due());
    CHECK(only_delivery(stage).status == "pending");
    CHECK(only_delivery(stage).due_at.has_value());

    stage.database.run("update webhook_deliveries set due_at = now();"
                       "update webhook_lanes set next_due = now()");
    const ClaimedDelivery again = stage.claim_delivery();
    CHECK(again.tries == 1);
    REQUIRE(stage.deliveries.record("sender-1", again, failed(std::nullopt)).has_value());
    CHECK(only_delivery(stage).status == "failed");
    const DeliveryDetail detail =
        stage.store.delivery(stage.ada, "org-1", "hook-1", again.id).value();
    REQUIRE(detail.attempts.size() == 2);
    CHECK(detail.attempts[0].milliseconds == 30);
    CHECK(detail.attempts[0].status_code == 500);
    CHECK(detail.attempts[1].error == "the receiver answered 500");
}

TEST_CASE("an organisation has one message under way, and others do not wait for it")
{
    WebhookStage stage;
    stage.database.run(
        "insert into organizations (id, name) values ('org-2', 'Two');"
        "insert into members (org_id, user_id, role) values ('org-2', 'eve', 'owner')"
    );
    stage.create("hook-1");
    stage.store.create(
        stage.stranger, "org-2", {.id = "theirs", .url = "https://b.test/", .events = {"x"}}
    );
    for (int i = 0; i < 3; ++i) {
        stage.store.test(stage.ada, "org-1", "hook-1");
    }
    stage.store.test(stage.stranger, "org-2", "theirs");

    const ClaimedDelivery first = stage.claim_delivery("sender-1");
    const ClaimedDelivery second = stage.claim_delivery("sender-2");

    CHECK(
        std::set<std::string>{first.org_id, second.org_id} ==
        std::set<std::string>{"org-1", "org-2"}
    );
    CHECK(stage.nothing_due("sender-3"));
}

TEST_CASE("organisations take turns, however much one of them has to tell")
{
    WebhookStage stage;
    stage.database.run(
        "insert into organizations (id, name) values ('org-2', 'Two');"
        "insert into members (org_id, user_id, role) values ('org-2', 'eve', 'owner')"
    );
    stage.create("hook-1");
    stage.store.create(
        stage.stranger, "org-2", {.id = "theirs", .url = "https://b.test/", .events = {"x"}}
    );
    for (int i = 0; i < 5; ++i) {
        stage.store.test(stage.ada, "org-1", "hook-1");
    }
    const ClaimedDelivery first = stage.claim_delivery();
    CHECK(first.org_id == "org-1");
    stage.store.test(stage.stranger, "org-2", "theirs");
    stage.deliveries.record("sender-1", first, k_delivered);

    CHECK(stage.claim_delivery().org_id == "org-2");
}

TEST_CASE("what a sender that died had under way is sent by another one, whose word counts")
{
    WebhookStage stage;
    stage.create("hook-1");
    stage.store.test(stage.ada, "org-1", "hook-1");
    const ClaimedDelivery lost = stage.claim_delivery("sender-1");
    stage.database.run("update webhook_lanes set claimed_until = now() - interval '1 second'");

    const ClaimedDelivery taken_over = stage.claim_delivery("sender-2");
    CHECK(taken_over.id == lost.id);
    CHECK(stage.deliveries.record("sender-1", lost, failed(1h)).error().code == Errc::not_found);
    CHECK(stage.deliveries.record("sender-2", taken_over, k_delivered).has_value());
    CHECK(only_delivery(stage).status == "delivered");
    CHECK(only_delivery(stage).attempts == 1);
}

TEST_CASE("a receiver that is gone switches its webhook off, and says so")
{
    WebhookStage stage;
    stage.create("hook-1");
    stage.store.test(stage.ada, "org-1", "hook-1");
    stage.store.test(stage.ada, "org-1", "hook-1");
    DeliveryOutcome gone = failed(std::nullopt);
    gone.gone = true;
    stage.deliveries.record("sender-1", stage.claim_delivery(), gone);

    const WebhookRecord record = stage.store.find(stage.ada, "org-1", "hook-1").value();
    CHECK_FALSE(record.active);
    CHECK(record.disabled_reason == "the receiver answered 500");
    CHECK(stage.nothing_due());
    CHECK(
        stage.store.test(stage.ada, "org-1", "hook-1").value().verdict == WebhookVerdict::inactive
    );

    stage.store.change(stage.ada, "org-1", "hook-1", {.active = true});
    CHECK_FALSE(stage.store.find(stage.ada, "org-1", "hook-1").value().disabled_reason);
    CHECK(stage.claim_delivery().webhook_id == "hook-1");
}

TEST_CASE("messages of a webhook that is switched off wait until it is on again")
{
    WebhookStage stage;
    stage.create("hook-1");
    stage.store.test(stage.ada, "org-1", "hook-1");
    stage.store.change(stage.ada, "org-1", "hook-1", {.active = false});
    CHECK(stage.nothing_due());

    stage.store.change(stage.ada, "org-1", "hook-1", {.url = "https://new.test/", .active = true});
    CHECK(stage.claim_delivery().url == "https://new.test/");
}

TEST_CASE("a message is sent again on demand, under its id and with all its tries")
{
    WebhookStage stage;
    stage.create("hook-1");
    const std::string id = stage.store.test(stage.ada, "org-1", "hook-1").value().delivery_id;
    stage.deliveries.record("sender-1", stage.claim_delivery(), failed(std::nullopt));
    REQUIRE(only_delivery(stage).status == "failed");

    CHECK(stage.store.redeliver(stage.ada, "org-1", "hook-1", id).value() == WebhookVerdict::done);

    const ClaimedDelivery again = stage.claim_delivery();
    CHECK(again.id == id);
    CHECK(again.tries == 0);
    stage.deliveries.record("sender-1", again, k_delivered);
    CHECK(only_delivery(stage).attempts == 2);
    CHECK(
        stage.store.redeliver(stage.ada, "org-1", "hook-1", "msg_none").value() ==
        WebhookVerdict::delivery_not_found
    );
    CHECK(
        stage.store.redeliver(stage.ada, "org-1", "none", id).value() ==
        WebhookVerdict::webhook_not_found
    );
}

TEST_CASE("the outcome of a webhook that was deleted meanwhile frees its organisation")
{
    WebhookStage stage;
    stage.create("hook-1");
    stage.create("hook-2");
    stage.store.test(stage.ada, "org-1", "hook-1");
    const ClaimedDelivery claimed = stage.claim_delivery();
    stage.store.remove(stage.ada, "org-1", "hook-1");
    stage.store.test(stage.ada, "org-1", "hook-2");

    CHECK(stage.deliveries.record("sender-1", claimed, k_delivered).has_value());
    CHECK(stage.claim_delivery().webhook_id == "hook-2");
}

TEST_CASE("old messages are deleted, young ones stay")
{
    WebhookStage stage;
    stage.create("hook-1");
    stage.store.test(stage.ada, "org-1", "hook-1");
    stage.store.test(stage.ada, "org-1", "hook-1");
    stage.database.run("update webhook_deliveries set created_at = now() - interval '31 days' "
                       "where number = (select min(number) from webhook_deliveries)");

    CHECK(stage.deliveries.prune(std::chrono::hours{30 * 24}).value() == 1);

    only_delivery(stage);
    CHECK(stage.deliveries.prune(std::chrono::hours{30 * 24}).value() == 0);
}

TEST_CASE("a message that is asked for again while it is under way is sent again")
{
    WebhookStage stage;
    stage.create("hook-1");
    const std::string id = stage.store.test(stage.ada, "org-1", "hook-1").value().delivery_id;
    const ClaimedDelivery claimed = stage.claim_delivery();
    REQUIRE(
        stage.store.redeliver(stage.ada, "org-1", "hook-1", id).value() == WebhookVerdict::done
    );
    stage.deliveries.record("sender-1", claimed, k_delivered);

    const ClaimedDelivery again = stage.claim_delivery();
    CHECK(again.id == id);
    CHECK(again.tries == 0);
    stage.deliveries.record("sender-1", again, k_delivered);
    CHECK(only_delivery(stage).status == "delivered");
    CHECK(only_delivery(stage).attempts == 2);
    CHECK(stage.nothing_due());
}

TEST_CASE("an organisation whose receiver was slow is passed over by some senders until it is quick"
)
{
    WebhookStage stage;
    stage.create("hook-1");
    for (int i = 0; i < 3; ++i) {
        stage.store.test(stage.ada, "org-1", "hook-1");
    }
    DeliveryOutcome slow = k_delivered;
    slow.duration = 2001ms;
    stage.deliveries.record("sender-1", stage.claim_delivery(), slow);

    CHECK_FALSE(stage.deliveries.claim("quick", 60s, Lanes::quick).value().has_value());
    stage.deliveries.record("sender-1", stage.claim_delivery(), k_delivered);
    CHECK(stage.deliveries.claim("quick", 60s, Lanes::quick).value().has_value());
}

}  // namespace
}  // namespace libra
