#include "stage.hpp"

#include <thread>

namespace libra {
namespace {

using testing::Stage;

std::string reason(const Stage& stage, const std::string& id)
{
    return stage.database.text(
        "select concat_ws('|', status, error_code, error) from deployments where id = '" + id + "'"
    );
}

TEST_CASE("a deployment that is queued behind the active one runs after it")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.lose_messages();

    stage.accept("d2", OnConflict::queue);

    CHECK(stage.announced().empty());
    CHECK(std::get<ClaimRefusal>(stage.work.claim("d2", "worker-2").value()) == ClaimRefusal::held);
    CHECK(stage.project_status() == "preparing");

    SECTION("when that one completes")
    {
        REQUIRE(stage.work.complete(lease, {}).has_value());
    }
    SECTION("when that one fails")
    {
        const Failure failure{.failure_class = FailureClass::user, .message = "It broke."};
        REQUIRE(stage.work.fail(lease, failure, StepName::build, {}).has_value());
    }
    SECTION("when that one is cancelled")
    {
        REQUIRE(stage.work.cancel(lease, StepName::build).has_value());
    }
    SECTION("when the worker of that one dies in its last attempt")
    {
        stage.database.run("update deployments set attempt = 3 where id = 'd1'");
        stage.let_lease_expire("d1");
        stage.work.claim("d1", "worker-2").value();
    }
    CHECK(stage.announced() == "d2");
    CHECK(stage.claim("d2").attempt == 1);
}

TEST_CASE("a deployment that waits for its project stays behind a retry of the active one")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.accept("d2", OnConflict::queue);
    stage.lose_messages();

    const Failure failure{.message = "The broker is away."};
    REQUIRE(stage.work.retry_later(lease, failure, StepName::sync, {}).has_value());

    CHECK(stage.announced() == "d1");
}

TEST_CASE("of several deployments that wait for their project only the newest stays")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");

    stage.accept("d2", OnConflict::queue);
    stage.accept("d3", OnConflict::queue);

    CHECK(reason(stage, "d2") == "cancelled|superseded|Superseded by deployment d3.");
    stage.lose_messages();
    REQUIRE(stage.work.complete(lease, {}).has_value());
    CHECK(stage.announced() == "d3");
}

TEST_CASE("superseding takes the place of a deployment that nobody runs")
{
    Stage stage;
    stage.accept("d1");

    stage.accept("d2", OnConflict::supersede);

    CHECK(reason(stage, "d1") == "cancelled|superseded|Superseded by deployment d2.");
    CHECK(stage.announced() == "d2");
    CHECK(stage.claim("d2").attempt == 1);
}

TEST_CASE("superseding a running deployment asks it to stop, and runs when it has")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.accept("d2", OnConflict::queue);
    stage.lose_messages();

    stage.accept("d3", OnConflict::supersede);

    CHECK(stage.work.cancel_requested(lease).value());
    CHECK(stage.status("d2") == "cancelled");
    CHECK(stage.announced().empty());
    REQUIRE(stage.work.cancel(lease, StepName::build).has_value());
    CHECK(reason(stage, "d1") == "cancelled|superseded|Superseded by deployment d3.");
    CHECK(stage.announced() == "d3");
}

TEST_CASE("superseding a deployment that is live already waits for its clean-up")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.go_live(lease);
    stage.lose_messages();

    stage.accept("d2", OnConflict::supersede);

    CHECK_FALSE(stage.work.cancel_requested(lease).value());
    REQUIRE(stage.work.complete(lease, {}).has_value());
    CHECK(stage.status("d1") == "completed");
    CHECK(stage.announced() == "d2");
}

TEST_CASE("whatever races, a project has one active deployment and one that waits")
{
    Stage stage;
    constexpr int k_clients = 8;
    constexpr int k_turns = 5;
    auto settings = stage.database.settings();
    settings.connections = k_clients;
    PgPool pool{settings, stage.clock};
    PgAdmissionStore admissions{pool, {}};
    {
        std::vector<std::jthread> clients;
        clients.reserve(k_clients);
        for (int client = 0; client < k_clients; ++client) {
            clients.emplace_back([&, client] {
                for (int turn = 0; turn < k_turns; ++turn) {
                    NewDeployment deployment = stage.new_deployment(
                        "d" + std::to_string(client) + "-" + std::to_string(turn)
                    );
                    deployment.on_conflict =
                        turn % 2 == 0 ? OnConflict::queue : OnConflict::supersede;
                    static_cast<void>(admissions.admit(stage.seeded.credential(), deployment));
                }
            });
        }
    }

    constexpr std::int64_t k_sent = std::int64_t{k_clients} * k_turns;
    CHECK(stage.database.number("select count(*) from deployments") == k_sent);
    CHECK(
        stage.database.number("select count(*) from deployments "
                              "where status = 'queued' and not held") == 1
    );
    CHECK(stage.database.number("select count(*) from deployments where held") <= 1);
    CHECK(
        stage.database.number("select count(*) from deployments d where status = 'queued' "
                              "and not held and not exists (select from outbox o "
                              "where o.deployment_id = d.id)") == 0
    );
}

TEST_CASE("when as many messages wait for the broker as may, nothing more is accepted")
{
    Stage stage;
    PgAdmissionStore admissions{stage.pool, {}, {.waiting_messages = 1}};
    stage.accept("d1");
    testing::SeededProject other{.project_id = "project-2"};
    testing::seed_project(stage.database, other);
    NewDeployment second = stage.new_deployment("d2");
    second.project_id = other.project_id;

    CHECK(
        admissions.admit(stage.seeded.credential(), second).value().verdict ==
        AdmissionVerdict::outbox_full
    );
    stage.claim("d1");
    stage.database.run("delete from outbox where not event");
    CHECK(stage.database.number("select count(*) from outbox") == 1);
    CHECK(
        admissions.admit(stage.seeded.credential(), second).value().verdict ==
        AdmissionVerdict::accepted
    );
}

}  // namespace
}  // namespace libra
