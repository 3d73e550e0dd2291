#include "stage.hpp"

namespace libra {
namespace {

using testing::Stage;
using namespace std::chrono_literals;

const Failure k_build_failed{
    .failure_class = FailureClass::user,
    .code = "build_failed",
    .message = "The build exited with 2",
    .detail = "for the log"};
const Failure k_broker_away{
    .failure_class = FailureClass::transient,
    .code = "object_store_unavailable",
    .message = "Files could not be stored"};

std::string attempt(const Stage& stage)
{
    return stage.database.text(
        "select concat_ws('|', outcome, failure_class, step, error_code, error, "
        "ended_at is not null) from attempts where fence = 1"
    );
}

bool lease_dropped(const Stage& stage)
{
    return stage.database.number("select count(*) from deployments "
                                 "where lease_owner is null and lease_until is null") == 1;
}

TEST_CASE("completing records the addresses and the statistics")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    const Completion completion{
        .url = "https://a.test", .preview_url = "https://p.test", .statistics_json = R"({"a": 1})"};

    REQUIRE(stage.work.complete(lease, completion).has_value());
    REQUIRE(stage.work.complete(lease, completion).has_value());

    CHECK(
        stage.database.text("select concat_ws('|', status, url, preview_url, statistics, "
                            "finished_at is not null) from deployments"
        ) == R"(completed|https://a.test|https://p.test|{"a": 1}|t)"
    );
    CHECK(attempt(stage) == "completed|t");
    CHECK(lease_dropped(stage));
    CHECK(stage.project_status() == "deployed");
}

TEST_CASE("failing records why, and a failure of the user's is no dead letter")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    REQUIRE(stage.projects.take_quota(lease).value().taken);

    REQUIRE(stage.work.fail(lease, k_build_failed, StepName::build, {}).has_value());
    REQUIRE(stage.work.fail(lease, k_build_failed, StepName::build, {}).has_value());

    CHECK(
        stage.database.text("select concat_ws('|', status, failure_class, error_code, error) "
                            "from deployments"
        ) == "failed|user|build_failed|The build exited with 2"
    );
    CHECK(attempt(stage) == "failed|user|build|build_failed|The build exited with 2|t");
    CHECK(lease_dropped(stage));
    CHECK(stage.project_status() == "failed");
    CHECK(stage.database.number("select count(*) from dead_letters") == 0);
    CHECK(stage.database.number("select used from plan_allowances") == 1);
}

TEST_CASE("an exhausted failure becomes one dead letter, and the quota is given back")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    REQUIRE(stage.projects.take_quota(lease).value().taken);
    auto failure = k_broker_away;
    failure.failure_class = FailureClass::exhausted;

    REQUIRE(stage.work.fail(lease, failure, StepName::sync, {}).has_value());
    REQUIRE(stage.work.fail(lease, failure, StepName::sync, {}).has_value());

    CHECK(
        stage.database.text("select concat_ws('|', deployment_id, failure_class, reason, "
                            "message_digest = sha256(message)) from dead_letters"
        ) == "d1|exhausted|Files could not be stored|t"
    );
    CHECK(
        stage.database.text("select routing_key || ' ' || (headers ->> 'x-libra-reason') "
                            "from outbox where exchange = 'deployment.dlx'"
        ) == "deployment-dlq Files could not be stored"
    );
    CHECK(stage.database.number("select used from plan_allowances") == 0);
}

TEST_CASE("cancelling returns the project to what it was")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    std::string expected = "idle";
    SECTION("never deployed") {}
    SECTION("live before")
    {
        stage.database.run("update projects set live_generation = 1");
        expected = "deployed";
    }

    REQUIRE(stage.work.cancel(lease, StepName::build).has_value());
    REQUIRE(stage.work.cancel(lease, StepName::build).has_value());

    CHECK(stage.status("d1") == "cancelled");
    CHECK(attempt(stage) == "cancelled|build|t");
    CHECK(stage.project_status() == expected);
}

TEST_CASE("a retry is queued again, and its message is due after the delay")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    const auto held = stage.outbox.claim("relay", 1, 30s).value();

    REQUIRE(stage.work.retry_later(lease, k_broker_away, StepName::sync, 60s).has_value());
    REQUIRE(stage.work.retry_later(lease, k_broker_away, StepName::sync, 60s).has_value());
    REQUIRE(stage.outbox.remove("relay", {held.at(0).id}).has_value());

    CHECK(stage.status("d1") == "queued");
    CHECK(
        attempt(stage) ==
        "retry|transient|sync|object_store_unavailable|Files could not be stored|t"
    );
    CHECK(stage.project_status() == "preparing");
    CHECK(
        stage.database.text("select concat_ws('|', count(*), min(due_at) between "
                            "now() + interval '50 seconds' and now() + interval '60 seconds', "
                            "min(convert_from(payload, 'UTF8')::jsonb #>> "
                            "'{metadata,retryCount}')) from outbox where not event") == "1|t|1"
    );
    const auto again = stage.claim("d1");
    CHECK(again.attempt == 2);
    CHECK(again.retry_count == 1);
}

TEST_CASE("a deployment that was handed back has lost no attempt and is due at once")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");

    REQUIRE(stage.work.hand_back(lease).has_value());
    REQUIRE(stage.work.hand_back(lease).has_value());

    CHECK(attempt(stage) == "handed_back|t");
    CHECK(stage.outbox.next_due().value() == 0ms);
    const auto again = stage.claim("d1");
    CHECK(again.attempt == 1);
    CHECK(again.lease.fence == 2);
    CHECK(again.retry_count == 0);
}

TEST_CASE("a hold that ended one way cannot end another way")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    REQUIRE(stage.work.complete(lease, {}).has_value());

    CHECK(stage.work.fail(lease, k_build_failed, StepName::build, {}).error().code == Errc::fenced);
    CHECK(stage.work.cancel(lease, StepName::build).error().code == Errc::fenced);
    CHECK(stage.work.hand_back(lease).error().code == Errc::fenced);
    CHECK(stage.status("d1") == "completed");
}

TEST_CASE("a repeated ending still succeeds after another worker claimed the deployment")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    REQUIRE(stage.work.hand_back(lease).has_value());
    stage.claim("d1", "worker-2");

    CHECK(stage.work.hand_back(lease).has_value());
    CHECK(stage.status("d1") == "in_progress");
}

}  // namespace
}  // namespace libra
