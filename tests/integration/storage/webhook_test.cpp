#include "webhook_stage.hpp"

namespace libra {
namespace {

using testing::WebhookStage;

TEST_CASE("a webhook is there for members, and changed by owners and admins alone")
{
    WebhookStage stage;
    REQUIRE(stage.create("hook-1") == WebhookVerdict::done);

    const WebhookRecord record = stage.store.find(stage.member, "org-1", "hook-1").value();
    CHECK(record.url == "https://a.test/hook-1");
    CHECK(record.events == std::vector<std::string>{"deployment.started", "deployment.completed"});
    CHECK(record.active);
    CHECK(stage.store.list(stage.member, "org-1").value().size() == 1);
    CHECK(stage.store.list(stage.operator_, "org-1").value().size() == 1);
    CHECK(stage.store.list(stage.stranger, "org-1").error().code == Errc::not_found);
    CHECK(stage.store.list(stage.operator_, "none").error().code == Errc::not_found);
    CHECK(stage.store.find(stage.stranger, "org-1", "hook-1").error().code == Errc::not_found);
    CHECK(stage.store.find(stage.ada, "org-2", "hook-1").error().code == Errc::not_found);

    const NewWebhook another{.id = "hook-2", .url = "https://b.test/", .events = {"x"}};
    CHECK(
        stage.store.create(stage.member, "org-1", another).value() ==
        WebhookVerdict::role_not_sufficient
    );
    CHECK(
        stage.store.create(stage.stranger, "org-1", another).value() == WebhookVerdict::not_found
    );
    CHECK(
        stage.store.change(stage.member, "org-1", "hook-1", {}).value() ==
        WebhookVerdict::role_not_sufficient
    );
    CHECK(
        stage.store.remove(stage.member, "org-1", "hook-1").value() ==
        WebhookVerdict::role_not_sufficient
    );
    CHECK(
        stage.store.test(stage.member, "org-1", "hook-1").value().verdict ==
        WebhookVerdict::role_not_sufficient
    );
    CHECK(
        stage.store.redeliver(stage.member, "org-1", "hook-1", "msg_1").value() ==
        WebhookVerdict::role_not_sufficient
    );
}

TEST_CASE("an organisation's webhook is not another's to change")
{
    WebhookStage stage;
    stage.create("hook-1");
    stage.database.run(
        "insert into organizations (id, name) values ('org-2', 'Two');"
        "insert into members (org_id, user_id, role) values ('org-2', 'eve', 'owner')"
    );

    CHECK(
        stage.store.change(stage.stranger, "org-2", "hook-1", {.active = false}).value() ==
        WebhookVerdict::webhook_not_found
    );
    CHECK(
        stage.store.remove(stage.stranger, "org-2", "hook-1").value() ==
        WebhookVerdict::webhook_not_found
    );
    CHECK(
        stage.store.test(stage.stranger, "org-2", "hook-1").value().verdict ==
        WebhookVerdict::webhook_not_found
    );
    CHECK(stage.store.find(stage.ada, "org-1", "hook-1").value().active);
}

TEST_CASE("an organisation has so many webhooks and no more")
{
    WebhookStage stage;
    for (int i = 0; i < PgWebhookStore::k_most_webhooks; ++i) {
        REQUIRE(stage.create("hook-" + std::to_string(i)) == WebhookVerdict::done);
    }

    CHECK(stage.create("one-more") == WebhookVerdict::too_many);
    CHECK(stage.store.remove(stage.ada, "org-1", "hook-3").value() == WebhookVerdict::done);
    CHECK(stage.create("one-more") == WebhookVerdict::done);
}

TEST_CASE("a change leaves alone what it does not name")
{
    WebhookStage stage;
    stage.create("hook-1");

    CHECK(
        stage.store.change(stage.ada, "org-1", "hook-1", {.active = false}).value() ==
        WebhookVerdict::done
    );
    WebhookRecord record = stage.store.find(stage.ada, "org-1", "hook-1").value();
    CHECK_FALSE(record.active);
    CHECK(record.url == "https://a.test/hook-1");

    stage.store.change(
        stage.ada,
        "org-1",
        "hook-1",
        {.url = "https://b.test/", .events = std::vector<std::string>{"deployment.failed"}}
    );
    record = stage.store.find(stage.ada, "org-1", "hook-1").value();
    CHECK_FALSE(record.active);
    CHECK(record.url == "https://b.test/");
    CHECK(record.events == std::vector<std::string>{"deployment.failed"});
    CHECK(
        stage.store.change(stage.ada, "org-1", "none", {}).value() ==
        WebhookVerdict::webhook_not_found
    );
}

TEST_CASE("changes of webhooks are in the audit log of their organisation, without addresses")
{
    WebhookStage stage;
    stage.create("hook-1");
    stage.store.change(stage.ada, "org-1", "hook-1", {.active = false});
    stage.store.remove(stage.ada, "org-1", "hook-1");

    CHECK(
        stage.database.text(
            "select string_agg(action || ' ' || actor || ' ' || subject || ' ' || org_id, ', ' "
            "order by id) from audit_log"
        ) == "webhook.create ada hook-1 org-1, webhook.change ada hook-1 org-1, "
             "webhook.remove ada hook-1 org-1"
    );
    CHECK(
        stage.database.number("select count(*) from audit_log where details::text like '%a.test%'"
        ) == 0
    );
}

TEST_CASE("what becomes of a deployment is told once, to the webhooks that wish to know")
{
    WebhookStage stage;
    stage.create("all");
    stage.create("failures", {"deployment.failed"});
    const Lease lease = stage.accept_and_claim("d-1");
    CHECK(stage.types() == "deployment.started");

    stage.database.run(
        "update deployments set status = 'failed', finished_at = now(), lease_until = null, "
        "failure_class = 'user', error_code = 'build_failed', error = 'It broke.' where id = 'd-1'"
    );

    CHECK(stage.types() == "deployment.started deployment.failed");
    const DeliveryPage page =
        stage.store.deliveries(stage.member, "org-1", "failures", {}, 10).value();
    REQUIRE(page.deliveries.size() == 1);
    CHECK(page.deliveries[0].type == "deployment.failed");
    CHECK(page.deliveries[0].deployment_id == "d-1");
    CHECK(page.deliveries[0].status == "pending");
    const DeliveryDetail detail =
        stage.store.delivery(stage.member, "org-1", "failures", page.deliveries[0].id).value();
    CHECK(
        stage.database.text(
            "select ('" + detail.payload +
            "'::jsonb #- '{timestamp}' #- '{data,createdAt}' #- '{data,startedAt}' "
            "#- '{data,finishedAt}')::text"
        ) == R"({"data": {"error": "It broke.", "orgId": "org-1", "status": "failed", )"
             R"("userId": "user-1", "errorCode": "build_failed", "projectId": "project-1", )"
             R"("deploymentId": "d-1", "failureClass": "user"}, "type": "deployment.failed"})"
    );
}

TEST_CASE("a webhook that is switched off, or of another organisation, is told nothing")
{
    WebhookStage stage;
    stage.create("hook-1");
    stage.store.change(stage.ada, "org-1", "hook-1", {.active = false});
    stage.database.run(
        "insert into organizations (id, name) values ('org-2', 'Two');"
        "insert into members (org_id, user_id, role) values ('org-2', 'eve', 'owner')"
    );
    stage.store.create(
        stage.stranger,
        "org-2",
        {.id = "theirs", .url = "https://b.test/", .events = {"deployment.started"}}
    );

    stage.accept_and_claim("d-1");

    CHECK(stage.types().empty());
}

TEST_CASE("every deployment's start and end go to the exchange of events as CloudEvents")
{
    WebhookStage stage;
    stage.accept_and_claim("d-1");
    stage.accept_elsewhere("d-2");
    stage.cancel("d-2");

    CHECK(
        stage.database.text(
            "select string_agg(exchange || ' ' || routing_key || ' ' || "
            "(convert_from(payload, 'UTF8')::jsonb ->> 'subject'), ', ' order by id) "
            "from outbox where event"
        ) == "deployment.events deployment.started d-1, "
             "deployment.events deployment.cancelled d-2"
    );
    CHECK(
        stage.database.text(
            "select convert_from(payload, 'UTF8')::jsonb #- '{id}' #- '{time}' #- '{data}' "
            "from outbox where event order by id limit 1"
        ) == R"({"type": "dev.libra.deployment.started", "source": "/projects/project-1", )"
             R"("subject": "d-1", "specversion": "1.0", "datacontenttype": "application/json"})"
    );
}

TEST_CASE("a second attempt is no second start")
{
    WebhookStage stage;
    stage.create("hook-1");
    const Lease lease = stage.accept_and_claim("d-1");
    REQUIRE(stage.work.hand_back(lease).has_value());
    stage.claim("d-1", "worker-2");

    CHECK(stage.types() == "deployment.started");
}

TEST_CASE("messages are listed newest first, page by page, to members alone")
{
    WebhookStage stage;
    stage.create("hook-1");
    for (int i = 0; i < 3; ++i) {
        stage.store.test(stage.ada, "org-1", "hook-1");
    }

    const DeliveryPage first =
        stage.store.deliveries(stage.member, "org-1", "hook-1", {}, 2).value();
    REQUIRE(first.deliveries.size() == 2);
    CHECK(first.deliveries[0].number > first.deliveries[1].number);
    CHECK(first.next == first.deliveries[1].number);
    const DeliveryPage second =
        stage.store.deliveries(stage.member, "org-1", "hook-1", first.next, 2).value();
    CHECK(second.deliveries.size() == 1);
    CHECK_FALSE(second.next.has_value());
    CHECK(
        stage.store.deliveries(stage.stranger, "org-1", "hook-1", {}, 2).error().code ==
        Errc::not_found
    );
    CHECK(
        stage.store.delivery(stage.stranger, "org-1", "hook-1", first.deliveries[0].id)
            .error()
            .code == Errc::not_found
    );
    CHECK(
        stage.store.delivery(stage.ada, "org-1", "hook-1", "msg_none").error().code ==
        Errc::not_found
    );
}

TEST_CASE("a webhook that is deleted takes its messages along")
{
    WebhookStage stage;
    stage.create("hook-1");
    stage.store.test(stage.ada, "org-1", "hook-1");

    CHECK(stage.store.remove(stage.ada, "org-1", "hook-1").value() == WebhookVerdict::done);

    CHECK(stage.types().empty());
    CHECK(stage.nothing_due());
}

}  // namespace
}  // namespace libra
