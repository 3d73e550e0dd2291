#include "stage.hpp"

#include <latch>
#include <thread>

namespace libra {
namespace {

using testing::Stage;

const Failure k_failure{.message = "It broke."};

std::string end_of(const Stage& stage, const std::string& id)
{
    return stage.database.text(
        "select concat_ws('|', status, error_code, error) from deployments where id = '" + id + "'"
    );
}

TEST_CASE("a queued deployment is cancelled at once, and its message goes with it")
{
    Stage stage;
    stage.accept("d1");

    CHECK(stage.cancel("d1") == CancelVerdict::cancelled);
    CHECK(stage.cancel("d1") == CancelVerdict::cancelled);

    CHECK(end_of(stage, "d1") == "cancelled|cancelled|Cancelled on request.");
    CHECK(stage.announced().empty());
    CHECK(stage.project_status() == "idle");
    CHECK(
        std::get<ClaimRefusal>(stage.work.claim("d1", "worker-1").value()) == ClaimRefusal::terminal
    );
    CHECK(
        stage.database.text("select string_agg(actor || ' ' || action || ' ' || subject, ', ') "
                            "from audit_log"
        ) == "user-1 deployment.cancel d1, user-1 deployment.cancel d1"
    );
}

TEST_CASE("a running deployment is asked to stop, and ends as cancelled however it ends")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");

    CHECK(stage.cancel("d1") == CancelVerdict::cancelling);
    CHECK(stage.cancel("d1") == CancelVerdict::cancelling);

    CHECK(stage.work.cancel_requested(lease).value());
    CHECK(stage.work.renew(lease).value());
    SECTION("its worker stops it")
    {
        REQUIRE(stage.work.cancel(lease, StepName::build).has_value());
        CHECK(stage.work.cancel(lease, StepName::build).has_value());
    }
    SECTION("its worker fails")
    {
        REQUIRE(stage.work.fail(lease, k_failure, StepName::build, {}).has_value());
        CHECK(stage.work.fail(lease, k_failure, StepName::build, {}).has_value());
    }
    SECTION("its worker wants a retry")
    {
        REQUIRE(stage.work.retry_later(lease, k_failure, StepName::build, {}).has_value());
        CHECK(stage.work.retry_later(lease, k_failure, StepName::build, {}).has_value());
    }
    SECTION("its worker hands it back")
    {
        REQUIRE(stage.work.hand_back(lease).has_value());
        CHECK(stage.work.hand_back(lease).has_value());
    }
    SECTION("its worker dies")
    {
        stage.let_lease_expire("d1");
        CHECK(
            std::get<ClaimRefusal>(stage.work.claim("d1", "worker-2").value()) ==
            ClaimRefusal::cancelled
        );
    }
    CHECK(end_of(stage, "d1") == "cancelled|cancelled|Cancelled on request.");
    CHECK(stage.cancel("d1") == CancelVerdict::cancelled);
    CHECK(stage.database.number("select count(*) from dead_letters") == 0);
}

TEST_CASE("a deployment that waits for its next attempt never gets it")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    REQUIRE(stage.work.retry_later(lease, k_failure, StepName::sync, {}).has_value());

    CHECK(stage.cancel("d1") == CancelVerdict::cancelled);

    CHECK(stage.announced().empty());
    CHECK(stage.database.text("select outcome from attempts") == "retry");
}

TEST_CASE("a deployment whose worker died is cancelled at once")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.let_lease_expire("d1");

    CHECK(stage.cancel("d1") == CancelVerdict::cancelled);

    CHECK(stage.work.complete(lease, {}).error().code == Errc::fenced);
    CHECK(stage.database.text("select outcome from attempts") == "lease_lost");
}

TEST_CASE("a deployment that waits for another one of its project is cancelled alone")
{
    Stage stage;
    stage.accept_and_claim("d1");
    stage.accept("d2", OnConflict::queue);

    CHECK(stage.cancel("d2") == CancelVerdict::cancelled);

    CHECK(stage.status("d1") == "in_progress");
    CHECK(stage.project_status() == "deploying");
}

TEST_CASE("what is live or finished cannot be cancelled any more")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.go_live(lease);

    CHECK(stage.cancel("d1") == CancelVerdict::live);
    REQUIRE(stage.work.complete(lease, {}).has_value());
    CHECK(stage.cancel("d1") == CancelVerdict::finished);
    CHECK(stage.status("d1") == "completed");
    CHECK(stage.database.number("select count(*) from audit_log") == 0);
}

TEST_CASE("a live deployment ends as completed whatever its worker says or when it died")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    REQUIRE(stage.work.begin_step(lease, StepName::deploy, "Deploying").has_value());
    stage.go_live(lease);

    SECTION("its worker was not sure, and wants a retry")
    {
        REQUIRE(stage.work.retry_later(lease, k_failure, StepName::deploy, {}).has_value());
    }
    SECTION("its worker was not sure, and gave up")
    {
        REQUIRE(stage.work.fail(lease, k_failure, StepName::deploy, {}).has_value());
    }
    SECTION("its worker died in the last attempt")
    {
        stage.database.run("update deployments set attempt = 3");
        stage.let_lease_expire("d1");
        CHECK(
            std::get<ClaimRefusal>(stage.work.claim("d1", "worker-2").value()) ==
            ClaimRefusal::completed
        );
    }
    CHECK(
        stage.database.text("select concat_ws('|', status, url) from deployments") ==
        "completed|https://a.test/"
    );
    CHECK(stage.database.text("select status from deployment_steps") == "completed");
    CHECK(stage.project_status() == "deployed");
}

TEST_CASE("only those may cancel who may deploy, services and administrators")
{
    Stage stage;
    stage.accept("d1");
    const auto verdict_for = [&](const std::string& token) {
        return stage.control.cancel({.digest = sha256(token)}, "d1", "request-1").value();
    };
    const auto add_token = [&](const std::string& token, const std::string& rest) {
        stage.database.run(
            "insert into tokens (digest, user_id, scopes, service) values (decode('" +
            sha256(token).hex() + "', 'hex'), " + rest + ")"
        );
    };
    add_token("viewer", "'user-2', '{deploy}', false");
    add_token("stranger", "'user-3', '{deploy}', false");
    add_token("reader", "'user-1', '{read}', false");
    add_token("service", "'robot', '{deploy}', true");
    add_token("admin", "'ops', '{admin}', false");
    stage.database.run("insert into members values ('org-1', 'user-2', 'viewer')");

    CHECK(verdict_for("unknown") == CancelVerdict::unauthenticated);
    CHECK(verdict_for("reader") == CancelVerdict::missing_scope);
    CHECK(verdict_for("stranger") == CancelVerdict::not_found);
    CHECK(verdict_for("viewer") == CancelVerdict::role_may_not_deploy);
    CHECK(stage.status("d1") == "queued");
    CHECK(verdict_for("service") == CancelVerdict::cancelled);
    CHECK(verdict_for("admin") == CancelVerdict::cancelled);
    CHECK(stage.cancel("none") == CancelVerdict::not_found);
}

TEST_CASE("a cancellation is not lost in a race with claim, retry, completion or redelivery")
{
    Stage stage;
    for (int round = 0; round < 20; ++round) {
        const std::string id = "d" + std::to_string(round);
        stage.accept(id);
        CancelVerdict verdict{};
        std::latch start{3};
        {
            const std::jthread canceller{[&] {
                start.arrive_and_wait();
                verdict = stage.control.cancel(stage.seeded.credential(), id, "r").value();
            }};
            const auto work = [&](const std::string& worker) {
                start.arrive_and_wait();
                const auto answer = stage.work.claim(id, worker);
                const auto* claimed =
                    answer.has_value() ? std::get_if<ClaimedDeployment>(&*answer) : nullptr;
                if (claimed == nullptr) {
                    return;
                }
                if (round % 2 == 0) {
                    static_cast<void>(
                        stage.work.retry_later(claimed->lease, k_failure, StepName::sync, {})
                    );
                } else {
                    static_cast<void>(stage.work.hand_back(claimed->lease));
                }
            };
            const std::jthread first{[&] { work("worker-1"); }};
            const std::jthread redelivered{[&] { work("worker-2"); }};
        }

        CHECK((verdict == CancelVerdict::cancelled || verdict == CancelVerdict::cancelling));
        CHECK(stage.status(id) == "cancelled");
    }
}

}  // namespace
}  // namespace libra
