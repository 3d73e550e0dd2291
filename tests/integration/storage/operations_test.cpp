#include "shared/storage/pg_operations_store.hpp"
#include "shared/storage/pg_redrive_store.hpp"
#include "stage.hpp"

namespace libra {
namespace {

using testing::Stage;

const Requester k_operator{.user_id = "ops", .everywhere = true};

struct Operations : Stage {
    PgOperationsStore store{pool};

    /// `ID action subject@organisation …`, newest first.
    std::string audit(
        const Requester& requester,
        const AuditFilter& filter = {},
        std::optional<std::int64_t> before = {},
        int limit = 10
    )
    {
        const AuditPage page = store.audit(requester, filter, before, limit).value();
        std::string listed;
        for (const AuditEntry& entry : page.entries) {
            listed += entry.action + ' ' + entry.subject + '@' + entry.org_id.value_or("-") + ' ';
        }
        return listed + '>' + (page.next ? std::to_string(*page.next) : "");
    }

    void note(const std::string& action, const std::string& subject, const std::string& details)
    {
        database.run(
            "insert into audit_log (actor, action, subject, request_id, details) values ('user-1', "
            "'" +
            action + "', '" + subject + "', 'r', '" + details + "')"
        );
    }
};

TEST_CASE("what is left to do is counted, and how long it has been waiting")
{
    Operations operations;
    const BacklogReading nothing = operations.store.backlog().value();
    CHECK(nothing.queued == 0);
    CHECK(nothing.queued_oldest.count() == 0);
    CHECK(nothing.unsent == 0);
    CHECK(nothing.unsent_oldest.count() == 0);

    REQUIRE(operations.admit(operations.new_deployment("d1")) == AdmissionVerdict::accepted);
    operations.database.run("update deployments set created_at = now() - interval '1 minute'");
    operations.database.run("update outbox set available_at = now() - interval '10 seconds'");
    operations.database.run("insert into outbox (exchange, routing_key, payload, available_at) "
                            "values ('e', 'r', '{}', now() + interval '1 hour')");
    operations.database.run(
        "insert into dead_letters (failure_class, reason, message, message_digest) "
        "values ('poison', 'r', '{}', 'd')"
    );

    const BacklogReading left = operations.store.backlog().value();
    CHECK(left.queued == 1);
    CHECK(left.queued_oldest >= std::chrono::minutes{1});
    CHECK(left.in_progress == 0);
    CHECK(left.unsent == 1);
    CHECK(left.unsent_oldest >= std::chrono::seconds{10});
    CHECK(left.open_letters == 1);
}

TEST_CASE("the queue is not old because a project or an organisation holds up its own")
{
    Operations operations;
    const auto lease = operations.accept_and_claim("running");
    operations.accept("held", OnConflict::queue);
    operations.accept_elsewhere("over-the-limit");
    operations.accept_elsewhere("waiting");
    operations.database.run(
        "update deployments set created_at = now() - interval '1 hour';"
        "update deployments set created_at = now() - interval '1 minute' where id = 'waiting';"
        "update deployments set parked = true, org_limit = 1 where id = 'over-the-limit'"
    );

    const BacklogReading left = operations.store.backlog().value();
    CHECK(left.queued == 3);
    CHECK(left.queued_oldest >= std::chrono::minutes{1});
    CHECK(left.queued_oldest < std::chrono::minutes{50});

    operations.database.run("update deployments set org_limit = 2 where parked");
    CHECK(operations.store.backlog().value().queued_oldest >= std::chrono::hours{1});
}

TEST_CASE("an empty platform has an empty queue")
{
    Operations operations;

    const QueueOverview queue = operations.store.queue().value();

    CHECK(queue.waiting == 0);
    CHECK(queue.running == 0);
    CHECK(queue.capacity == 0);
    CHECK_FALSE(queue.oldest_at);
    CHECK(queue.estimated_wait.count() == 0);
}

TEST_CASE("the queue counts what waits, by what it waits for")
{
    Operations operations;
    const auto lease = operations.accept_and_claim("running");
    operations.accept("held", OnConflict::queue);
    operations.accept_elsewhere("ready");
    operations.accept_elsewhere("retrying");
    operations.database.run(
        "update deployments set due_at = now() + interval '1 hour' where id = 'retrying';"
        "update deployments set created_at = now() - interval '5 minutes' where id = 'ready'"
    );

    const QueueOverview queue = operations.store.queue().value();

    CHECK(queue.waiting == 3);
    CHECK(queue.ready == 1);
    CHECK(queue.held == 1);
    CHECK(queue.retrying == 1);
    CHECK(queue.running == 1);
    CHECK(queue.capacity == 1);
    CHECK(queue.unsent == 4);  // one of them an event
    REQUIRE(queue.oldest_at);
    CHECK(operations.clock.utc_now() - *queue.oldest_at > std::chrono::minutes{4});
    CHECK(queue.estimated_wait == std::chrono::seconds{30});
}

TEST_CASE("entries of the audit log know the organisation they are about")
{
    Operations operations;
    operations.accept("d1");
    REQUIRE(operations.cancel("d1") == CancelVerdict::cancelled);
    operations.note("dead_letter.requeue", "7", R"({"deploymentId": "d1"})");
    operations.note("project.create", "p", R"({"orgId": "acme"})");
    operations.note("token.create", "t", "{}");

    CHECK(
        operations.audit(k_operator) ==
        "token.create t@- project.create p@acme dead_letter.requeue 7@org-1 "
        "deployment.cancel d1@org-1 >"
    );
}

TEST_CASE("the audit log is read page by page and by any part of it")
{
    Operations operations;
    operations.note("a", "1", R"({"orgId": "x"})");
    operations.note("b", "2", R"({"orgId": "x"})");
    operations.note("a", "2", R"({"orgId": "y"})");

    const auto second = operations.database.number("select id from audit_log where action = 'b'");
    CHECK(operations.audit(k_operator, {}, {}, 2) == "a 2@y b 2@x >" + std::to_string(second));
    CHECK(operations.audit(k_operator, {}, second, 2) == "a 1@x >");
    CHECK(operations.audit(k_operator, {.org_id = "x", .action = "a"}) == "a 1@x >");
    CHECK(operations.audit(k_operator, {.subject = "2"}) == "a 2@y b 2@x >");
    CHECK(operations.audit(k_operator, {.actor = "nobody"}) == ">");
}

TEST_CASE("owners and admins read the log of their organisation, others do not")
{
    Operations operations;
    operations.note("a", "1", R"({"orgId": "org-1"})");
    operations.note("a", "2", R"({"orgId": "other"})");
    const Requester member{.user_id = "user-1"};
    const auto refused = [&](const Requester& requester, const std::string& org_id) {
        const auto page = operations.store.audit(requester, {.org_id = org_id}, {}, 10);
        return page.has_error() ? page.error().code : Errc::cancelled;
    };

    CHECK(refused(member, "org-1") == Errc::forbidden);
    CHECK(refused({.user_id = "eve"}, "org-1") == Errc::not_found);
    CHECK(refused(member, "other") == Errc::not_found);
    operations.database.run("update members set role = 'admin'");
    CHECK(operations.audit(member, {.org_id = "org-1"}) == "a 1@org-1 >");
}

}  // namespace
}  // namespace libra
