#include "network.hpp"
#include "shared/storage/pg_dead_letter_store.hpp"
#include "shared/storage/pg_redrive_store.hpp"
#include "stage.hpp"

namespace libra {
namespace {

using testing::Stage;

const Actor k_ops{.user_id = "ops", .request_id = "request-9"};
const Failure k_exhausted{
    .failure_class = FailureClass::exhausted,
    .code = "platform_error",
    .message = "The object store is away."};

struct Bench : Stage {
    PgDeadLetterStore dead_letters{pool, {}};
    PgRedriveStore store{pool, {}};

    /// The number of the letter of a deployment that failed three times.
    std::int64_t exhaust(const std::string& id, const std::string& project_id = "project-1")
    {
        testing::SeededProject owner = seeded;
        owner.project_id = project_id;
        testing::seed_project(database, owner);
        NewDeployment deployment = new_deployment(id);
        deployment.project_id = project_id;
        REQUIRE(admit(deployment) == AdmissionVerdict::accepted);
        const Lease lease = claim(id).lease;
        REQUIRE(projects.take_quota(lease).value().taken);
        REQUIRE(work.fail(lease, k_exhausted, StepName::sync, {.statistics_json = "{}"}).has_value()
        );
        return database.number("select max(id) from dead_letters");
    }

    std::int64_t bury_poison(const std::string& message)
    {
        REQUIRE(dead_letters.record_poison(message, "it is not JSON").has_value());
        return database.number("select max(id) from dead_letters");
    }

    std::vector<std::int64_t> ids(const LetterFilter& filter)
    {
        std::vector<std::int64_t> found;
        for (const LetterSummary& letter : store.list(filter, {}, 100).value().letters) {
            found.push_back(letter.id);
        }
        return found;
    }
};

using Ids = std::vector<std::int64_t>;

TEST_CASE("dead letters are listed newest first, a page at a time")
{
    Bench bench;
    const Ids made{bench.bury_poison("a"), bench.bury_poison("b"), bench.bury_poison("c")};

    const LetterPage first = bench.store.list({}, {}, 2).value();
    const LetterPage second = bench.store.list({}, first.next, 2).value();

    REQUIRE(first.letters.size() == 2);
    CHECK(first.letters[0].id == made[2]);
    CHECK(first.letters[1].id == made[1]);
    REQUIRE(first.next.has_value());
    REQUIRE(second.letters.size() == 1);
    CHECK(second.letters[0].id == made[0]);
    CHECK_FALSE(second.next.has_value());
}

TEST_CASE("dead letters are found by state, class, project and organisation")
{
    Bench bench;
    const auto poison = bench.bury_poison("a");
    const auto first = bench.exhaust("d1");
    const auto second = bench.exhaust("d2", "project-2");
    REQUIRE(bench.store.discard(poison, "junk", k_ops).value());

    CHECK(bench.ids({}) == Ids{second, first, poison});
    CHECK(bench.ids({.state = LetterState::open}) == Ids{second, first});
    CHECK(bench.ids({.state = LetterState::discarded}) == Ids{poison});
    CHECK(bench.ids({.failure_class = FailureClass::poison}) == Ids{poison});
    CHECK(bench.ids({.project_id = "project-2"}) == Ids{second});
    CHECK(bench.ids({.org_id = "org-1"}) == Ids{second, first});
    CHECK(bench.ids({.org_id = "org-2"}).empty());
}

TEST_CASE("a dead letter shows its message and every attempt")
{
    Bench bench;
    const auto id = bench.exhaust("d1");

    const Letter letter = bench.store.find(id).value();

    CHECK(letter.summary.deployment_id == "d1");
    CHECK(letter.summary.project_id == "project-1");
    CHECK(letter.summary.failure_class == FailureClass::exhausted);
    CHECK_THAT(letter.message, Catch::Contains(R"("deploymentId": "d1")"));
    REQUIRE(letter.attempts.size() == 1);
    CHECK(letter.attempts[0].number == 1);
    CHECK(letter.attempts[0].worker == "worker-1");
    CHECK(letter.attempts[0].outcome == "failed");
    CHECK(letter.attempts[0].step == "sync");
    CHECK(letter.attempts[0].error_code == "platform_error");
    CHECK(letter.attempts[0].ended_at.has_value());
    CHECK(bench.store.find(id + 1).error().code == Errc::not_found);
}

TEST_CASE("a redriven deployment has fresh attempts, keeps its history and takes its quota anew")
{
    Bench bench;
    const auto id = bench.exhaust("d1");
    REQUIRE(bench.database.number("select used from plan_allowances") == 0);
    bench.lose_messages();

    CHECK(bench.store.redrive(id, k_ops).value() == RedriveVerdict::requeued);

    CHECK(bench.announced() == "d1");
    CHECK(bench.status("d1") == "queued");
    CHECK(bench.project_status() == "preparing");
    const auto claimed = bench.claim("d1", "worker-2");
    CHECK(claimed.attempt == 1);
    CHECK(claimed.retry_count == 0);
    CHECK(claimed.lease.fence == 2);
    REQUIRE(bench.projects.take_quota(claimed.lease).value().taken);
    CHECK(bench.database.number("select used from plan_allowances") == 1);
    const Letter letter = bench.store.find(id).value();
    CHECK(letter.attempts.size() == 2);
    CHECK(letter.summary.state == LetterState::requeued);
    CHECK(letter.summary.resolved_by == "ops");
    CHECK(
        bench.database.text("select concat_ws(' ', actor, action, subject, request_id, details) "
                            "from audit_log") ==
        "ops dead_letter.requeue " + std::to_string(id) + R"( request-9 {"deploymentId": "d1"})"
    );
}

TEST_CASE("a redriven deployment starts its clock anew and has the steps ahead that it repeats")
{
    Bench bench;
    const auto lease = bench.accept_and_claim("d1");
    for (const StepName step : {StepName::validate, StepName::cleanup}) {
        REQUIRE(bench.work.begin_step(lease, step, "…").has_value());
        REQUIRE(bench.work.end_step(lease, step, std::nullopt).has_value());
    }
    REQUIRE(bench.work.begin_step(lease, StepName::sync, "…").has_value());
    REQUIRE(
        bench.work.fail(lease, k_exhausted, StepName::sync, {.statistics_json = "{}"}).has_value()
    );
    const auto letter = bench.database.number("select id from dead_letters");

    REQUIRE(bench.store.redrive(letter, k_ops).has_value());

    CHECK(bench.database.text("select string_agg(step, ' ') from deployment_steps") == "validate");
    CHECK(bench.database.text("select coalesce(started_at, finished_at)::text from deployments")
              .empty());
}

TEST_CASE("a redriven poison message goes its way as it came, and is buried again if need be")
{
    Bench bench;
    const auto id = bench.bury_poison("not json");
    bench.lose_messages();

    CHECK(bench.store.redrive(id, k_ops).value() == RedriveVerdict::requeued);

    const auto rows = bench.outbox.claim("relay", 10, std::chrono::seconds{30}).value();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].payload == "not json");
    CHECK(rows[0].routing_key == "deployment-queue");
    CHECK(bench.ids({.state = LetterState::open}).empty());
    REQUIRE(bench.dead_letters.record_poison("not json", "still not JSON").has_value());
    CHECK(bench.ids({.state = LetterState::open}).size() == 1);
    CHECK(bench.ids({.state = LetterState::requeued}) == Ids{id});
}

TEST_CASE("what cannot be redriven says why, and nothing changes")
{
    Bench bench;
    const auto id = bench.exhaust("d1");
    RedriveVerdict expected{};
    SECTION("it was redriven before")
    {
        REQUIRE(bench.store.redrive(id, k_ops).has_value());
        expected = RedriveVerdict::already_resolved;
    }
    SECTION("its project has an active deployment")
    {
        bench.accept("d2");
        expected = RedriveVerdict::deployment_in_progress;
    }
    SECTION("a newer deployment is live")
    {
        const Lease newer = bench.accept_and_claim("d2");
        bench.go_live(newer);
        REQUIRE(bench.work.complete(newer, {}).has_value());
        expected = RedriveVerdict::superseded;
    }
    SECTION("its deployment is not failed any more")
    {
        bench.database.run("update deployments set status = 'cancelled'");
        expected = RedriveVerdict::not_redrivable;
    }
    const std::string before = bench.database.text("select string_agg(d::text, '') "
                                                   "from deployments d");

    CHECK(bench.store.redrive(id, k_ops).value() == expected);

    CHECK(bench.database.text("select string_agg(d::text, '') from deployments d") == before);
    CHECK(bench.store.redrive(id + 100, k_ops).error().code == Errc::not_found);
}

TEST_CASE("all letters that match are redriven in one go, oldest first")
{
    Bench bench;
    bench.exhaust("d1");
    bench.exhaust("d2", "project-2");
    bench.bury_poison("a");
    bench.lose_messages();

    SECTION("those of one project")
    {
        const auto counts =
            bench.store.redrive_matching({.project_id = "project-2"}, k_ops).value();
        CHECK(counts.requeued == 1);
        CHECK(bench.announced() == "d2");
    }
    SECTION("all, but those that cannot")
    {
        bench.accept("d3");
        bench.lose_messages();
        const auto counts = bench.store.redrive_matching({}, k_ops).value();
        CHECK(counts.requeued == 2);
        CHECK(counts.skipped == 1);
        CHECK_FALSE(counts.more);
        CHECK(bench.announced() == "d2");
        CHECK(bench.database.number("select count(*) from audit_log") == 2);
    }
}

TEST_CASE(
    "one call redrives five hundred letters at the most, the oldest, also under one request id"
)
{
    Bench bench;
    bench.database.run("select file_poison(convert_to('message ' || n, 'UTF8'), 'r', 'x', 'k') "
                       "from generate_series(1, 501) as n");
    const auto newest = bench.database.number("select max(id) from dead_letters");

    const auto first = bench.store.redrive_matching({}, k_ops).value();
    CHECK(bench.ids({.state = LetterState::open}) == Ids{newest});
    const auto second = bench.store.redrive_matching({}, k_ops).value();

    CHECK(first.requeued == 500);
    CHECK(first.more);
    CHECK(second.requeued == 1);
    CHECK_FALSE(second.more);
}

TEST_CASE("all open letters of a deployment are requeued with one of them")
{
    Bench bench;
    const auto first = bench.exhaust("d1");
    REQUIRE(bench.dead_letters.bury("a late message", "r", "d1").has_value());
    const auto second = bench.database.number("select max(id) from dead_letters");
    REQUIRE(second != first);

    SECTION("in one go with others")
    {
        CHECK(bench.store.redrive_matching({}, k_ops).value().requeued == 2);
    }
    SECTION("by themselves")
    {
        CHECK(bench.store.redrive(second, k_ops).value() == RedriveVerdict::requeued);
    }

    CHECK(bench.ids({.state = LetterState::requeued}) == Ids{second, first});
    CHECK(bench.store.redrive(first, k_ops).value() == RedriveVerdict::already_resolved);
}

TEST_CASE("a discarded letter keeps the reason and stays closed")
{
    Bench bench;
    const auto id = bench.exhaust("d1");

    CHECK(bench.store.discard(id, "fixed by hand", k_ops).value());

    CHECK_FALSE(bench.store.discard(id, "again", k_ops).value());
    const LetterSummary letter = bench.store.find(id).value().summary;
    CHECK(letter.state == LetterState::discarded);
    CHECK(letter.resolution == "fixed by hand");
    CHECK(bench.store.redrive(id, k_ops).value() == RedriveVerdict::already_resolved);
    CHECK(bench.store.discard(id + 1, "none", k_ops).error().code == Errc::not_found);
    CHECK(
        bench.database.text("select concat_ws(' ', action, details) from audit_log") ==
        R"(dead_letter.discard {"reason": "fixed by hand"})"
    );
}

TEST_CASE("a redrive or a discard whose answer was lost is the one that was made")
{
    Bench bench;
    const auto id = bench.exhaust("d1");
    testing::Network network{bench.database};
    PgPool pool{network.settings, bench.clock};
    PgRedriveStore store{pool, {}};

    // After the commit, or before it.
    const std::string lost = GENERATE("COMMIT", "_letter");
    network.proxy.lose_answer_to(lost);

    SECTION("a redrive")
    {
        CHECK(store.redrive(id, k_ops).value() == RedriveVerdict::requeued);
    }
    SECTION("a redrive of many")
    {
        CHECK(store.redrive_matching({}, k_ops).value().requeued == 1);
    }
    SECTION("a discard")
    {
        CHECK(store.discard(id, "junk", k_ops).value());
    }
    CHECK(network.proxy.lost_an_answer());
    CHECK(bench.database.number("select count(*) from audit_log") == 1);
}

}  // namespace
}  // namespace libra
