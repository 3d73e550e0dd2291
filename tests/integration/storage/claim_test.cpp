#include "stage.hpp"

#include <atomic>
#include <thread>
#include <vector>

namespace libra {
namespace {

using testing::Stage;

ClaimRefusal refusal(Stage& stage, const std::string& id)
{
    return std::get<ClaimRefusal>(stage.work.claim(id, "worker-2").value());
}

TEST_CASE("a claim hands out the deployment with a fence, an attempt and a lease")
{
    Stage stage;
    stage.accept("d1");

    const auto claimed = stage.claim("d1");

    CHECK(claimed.lease.deployment_id == "d1");
    CHECK(claimed.lease.fence == 1);
    CHECK(claimed.attempt == 1);
    CHECK(claimed.retry_count == 0);
    CHECK(claimed.project_id == "project-1");
    CHECK(claimed.org_id == "org-1");
    CHECK(claimed.user_id == "user-1");
    CHECK(claimed.site_label == "project-1");
    CHECK(claimed.params_json == R"({"projectId": "project-1"})");
    CHECK(claimed.request_id == "request-1");
    CHECK(stage.status("d1") == "in_progress");
    CHECK(
        stage.database.number("select round(extract(epoch from lease_until - started_at))::int "
                              "from deployments") == k_lease_duration.count()
    );
    CHECK(
        stage.database.text("select worker || number || coalesce(outcome, '-') from attempts") ==
        "worker-11-"
    );
}

TEST_CASE("a claim brings the settings that the project has at that moment")
{
    Stage stage;
    stage.accept("d1");
    stage.database.run(R"(update projects set build_settings = '{"nodeVersion": "22"}')");

    CHECK(stage.claim("d1").build_settings_json == R"({"nodeVersion": "22"})");
}

TEST_CASE("a deployment that nobody knows is forgotten")
{
    Stage stage;

    CHECK(refusal(stage, "none") == ClaimRefusal::unknown);
}

TEST_CASE("a finished deployment is forgotten")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    REQUIRE(stage.work.complete(lease, {}).has_value());

    CHECK(refusal(stage, "d1") == ClaimRefusal::terminal);
}

TEST_CASE("a lease alive elsewhere brings the message back when it ends, once")
{
    Stage stage;
    stage.accept("d1");
    const auto sent = stage.outbox.claim("relay", 10, std::chrono::seconds{30}).value();
    REQUIRE(stage.outbox.remove("relay", {sent.at(0).id}).has_value());
    stage.claim("d1");

    CHECK(refusal(stage, "d1") == ClaimRefusal::leased_elsewhere);
    CHECK(refusal(stage, "d1") == ClaimRefusal::leased_elsewhere);

    CHECK(stage.database.number("select count(*) from outbox where not event") == 1);
    CHECK(
        stage.database.text("select o.available_at = d.lease_until "
                            "from outbox o join deployments d on d.id = o.deployment_id") == "t"
    );
    CHECK(stage.database.number("select attempt from deployments") == 1);
}

TEST_CASE("a message brought back while a relay still holds its row is not lost with it")
{
    Stage stage;
    stage.accept("d1");
    const auto held = stage.outbox.claim("relay", 10, std::chrono::seconds{30}).value();
    REQUIRE(held.size() == 1);
    stage.claim("d1");

    CHECK(refusal(stage, "d1") == ClaimRefusal::leased_elsewhere);
    REQUIRE(stage.outbox.remove("relay", {held[0].id}).has_value());

    CHECK(stage.database.number("select count(*) from outbox where due_at > now()") == 1);
}

TEST_CASE("a queued deployment whose cancellation was requested is finished by the claim")
{
    Stage stage;
    stage.accept("d1");
    stage.database.run("update deployments set cancel_requested = true");

    CHECK(refusal(stage, "d1") == ClaimRefusal::cancelled);

    CHECK(stage.status("d1") == "cancelled");
    CHECK(stage.project_status() == "idle");
}

TEST_CASE("a cancelled deployment whose worker died is finished by the claim")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    REQUIRE(stage.work.begin_step(lease, StepName::build, "Building").has_value());
    stage.database.run("update deployments set cancel_requested = true;"
                       "update projects set live_generation = 1");
    stage.let_lease_expire("d1");

    CHECK(refusal(stage, "d1") == ClaimRefusal::cancelled);

    CHECK(stage.project_status() == "deployed");
    CHECK(stage.database.text("select outcome from attempts") == "lease_lost");
    CHECK(stage.database.text("select status from deployment_steps") == "failed");
    CHECK(stage.work.renew(lease).error().code == Errc::fenced);
}

TEST_CASE("a running deployment whose cancellation was requested is left to its worker")
{
    Stage stage;
    stage.accept_and_claim("d1");
    stage.database.run("update deployments set cancel_requested = true");

    CHECK(refusal(stage, "d1") == ClaimRefusal::leased_elsewhere);
}

TEST_CASE("the deployment of a dead worker is claimed with a new fence")
{
    Stage stage;
    const auto dead = stage.accept_and_claim("d1");
    REQUIRE(stage.work.begin_step(dead, StepName::validate, "Validating").has_value());
    stage.let_lease_expire("d1");

    const auto claimed = stage.claim("d1", "worker-2");

    CHECK(claimed.lease.fence == 2);
    CHECK(claimed.attempt == 2);
    CHECK(claimed.retry_count == 0);
    CHECK(claimed.taken_from == "worker-1");
    CHECK(
        stage.database.text("select string_agg(worker || ' ' || coalesce(outcome, '-'), ', ' "
                            "order by fence) from attempts") == "worker-1 lease_lost, worker-2 -"
    );
    CHECK(stage.database.number("select count(*) from deployment_steps") == 0);
}

TEST_CASE("a step begins anew under the fence of a later claim")
{
    Stage stage;
    const auto dead = stage.accept_and_claim("d1");
    REQUIRE(stage.work.begin_step(dead, StepName::validate, "Validating").has_value());
    REQUIRE(stage.work.end_step(dead, StepName::validate, std::nullopt).has_value());
    stage.let_lease_expire("d1");
    const auto lease = stage.claim("d1", "worker-2").lease;
    const auto step = [&] {
        return stage.database.text("select concat_ws('|', status, attempt) from deployment_steps");
    };
    CHECK(step() == "completed|1");

    REQUIRE(stage.work.begin_step(lease, StepName::validate, "Validating").has_value());
    REQUIRE(stage.work.begin_step(lease, StepName::validate, "Validating").has_value());

    CHECK(step() == "in_progress|2");
    CHECK(stage.database.number("select count(*) from deployment_log") == 2);
}

TEST_CASE("a deployment whose last attempt died becomes a dead letter")
{
    Stage stage;
    stage.accept("d1");
    for (int attempt = 1; attempt <= k_max_attempts; ++attempt) {
        const auto lease = stage.claim("d1").lease;
        REQUIRE(stage.projects.take_quota(lease).value().taken);
        stage.let_lease_expire("d1");
    }

    CHECK(refusal(stage, "d1") == ClaimRefusal::exhausted);
    CHECK(refusal(stage, "d1") == ClaimRefusal::terminal);

    CHECK(
        stage.database.text("select status || ' ' || failure_class || ' ' || error_code "
                            "from deployments") == "failed exhausted worker_lost"
    );
    CHECK(stage.project_status() == "failed");
    CHECK(
        stage.database.number("select count(*) from dead_letters where deployment_id = 'd1'") == 1
    );
    CHECK(
        stage.database.text("select routing_key || ' ' || (headers ->> 'x-libra-reason' like "
                            "'The deployment%') from outbox where exchange = 'deployment.dlx'"
        ) == "deployment-dlq true"
    );
    CHECK(stage.database.number("select used from plan_allowances") == 0);
}

TEST_CASE("of many workers that claim one deployment exactly one gets it")
{
    Stage stage;
    stage.accept("d1");
    constexpr int k_workers = 8;
    auto settings = stage.database.settings();
    settings.connections = k_workers;
    PgPool pool{settings, stage.clock};
    PgWorkStore work{pool, {}};
    std::atomic<int> claimed{0};
    std::atomic<int> refused{0};
    {
        std::vector<std::jthread> workers;
        workers.reserve(k_workers);
        for (int worker = 0; worker < k_workers; ++worker) {
            workers.emplace_back([&, worker] {
                const auto answer = work.claim("d1", "worker-" + std::to_string(worker));
                if (answer.has_value()) {
                    claimed += std::holds_alternative<ClaimedDeployment>(*answer) ? 1 : 0;
                    const auto* why = std::get_if<ClaimRefusal>(&*answer);
                    refused += why != nullptr && *why == ClaimRefusal::leased_elsewhere ? 1 : 0;
                }
            });
        }
    }

    CHECK(claimed == 1);
    CHECK(refused == k_workers - 1);
    CHECK(stage.database.number("select count(*) from outbox where not event") == 1);
    CHECK(stage.database.number("select attempt from deployments") == 1);
}

}  // namespace
}  // namespace libra
