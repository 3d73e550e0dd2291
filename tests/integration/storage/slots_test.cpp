#include "stage.hpp"

#include <atomic>
#include <thread>

namespace libra {
namespace {

using testing::Stage;

const Failure k_failure{.message = "It broke."};

/// A worker's store with limits of its own.
PgWorkStore worker_with(Stage& stage, FleetLimits limits)
{
    REQUIRE(stage.rescue.set_slots(limits.deployments).has_value());
    return {stage.pool, {}, limits};
}

bool parked(PgWorkStore& work, const std::string& id)
{
    const ClaimAnswer answer = work.claim(id, "worker-2").value();
    const auto* refusal = std::get_if<ClaimRefusal>(&answer);
    return refusal != nullptr && *refusal == ClaimRefusal::parked;
}

Lease claimed(PgWorkStore& work, const std::string& id)
{
    const ClaimAnswer answer = work.claim(id, "worker-1").value();
    REQUIRE(std::holds_alternative<ClaimedDeployment>(answer));
    return std::get<ClaimedDeployment>(answer).lease;
}

TEST_CASE("a deployment that finds no free slot waits without losing an attempt")
{
    Stage stage;
    PgWorkStore work = worker_with(stage, {.deployments = 1});
    stage.accept("d1");
    stage.accept_elsewhere("d2");
    stage.lose_messages();
    const Lease first = claimed(work, "d1");

    CHECK(parked(work, "d2"));

    CHECK(stage.announced().empty());
    CHECK(stage.database.number("select attempt from deployments where id = 'd2'") == 0);
    SECTION("it is announced when the slot comes free by an end")
    {
        REQUIRE(work.complete(first, {}).has_value());
        CHECK(stage.announced() == "d2");
    }
    SECTION("it is announced when the slot comes free by a retry")
    {
        using namespace std::chrono_literals;
        REQUIRE(work.retry_later(first, k_failure, StepName::sync, 60s).has_value());
        CHECK(stage.announced() == "d2");
    }
    SECTION("it is announced when the slot comes free because its worker died")
    {
        stage.database.run("update slots set reserved_until = now()");
        stage.let_lease_expire("d1");
        CHECK(stage.rescue.fill_slots().value() == 1);
        CHECK(stage.announced() == "d2");
        // The one that died waits in turn.
        CHECK(parked(work, "d1"));
        CHECK(stage.database.number("select attempt from deployments where id = 'd1'") == 1);
    }
    CHECK(claimed(work, "d2").fence == 1);
}

TEST_CASE("a slot given to a deployment that waited is not taken by one that came later")
{
    Stage stage;
    PgWorkStore work = worker_with(stage, {.deployments = 1});
    for (const char* id : {"d1", "d2", "d3"}) {
        stage.accept_elsewhere(id);
    }
    const Lease first = claimed(work, "d1");
    REQUIRE(parked(work, "d2"));
    REQUIRE(work.complete(first, {}).has_value());

    CHECK(parked(work, "d3"));
    CHECK(claimed(work, "d2").fence == 1);
}

TEST_CASE("a slot whose deployment is cancelled before it starts goes to the next")
{
    Stage stage;
    PgWorkStore work = worker_with(stage, {.deployments = 1});
    for (const char* id : {"d1", "d2", "d3"}) {
        stage.accept_elsewhere(id);
    }
    const Lease first = claimed(work, "d1");
    REQUIRE(parked(work, "d2"));
    REQUIRE(parked(work, "d3"));
    REQUIRE(work.complete(first, {}).has_value());
    stage.lose_messages();

    REQUIRE(stage.cancel("d2") == CancelVerdict::cancelled);

    CHECK(stage.announced() == "d3");
}

TEST_CASE("an organisation at its limit waits, and does not block others")
{
    Stage stage;
    PgWorkStore work = worker_with(stage, {.deployments = 3, .of_organization = 1});
    stage.accept("d1");
    stage.accept_elsewhere("d2");
    const testing::SeededProject other = testing::seed_project(
        stage.database,
        {.project_id = "project-9", .org_id = "org-9", .user_id = "user-9", .token = "token-9"}
    );
    NewDeployment of_other = stage.new_deployment("d9");
    of_other.project_id = other.project_id;
    of_other.org_id = other.org_id;
    of_other.user_id = other.user_id;
    REQUIRE(
        stage.admissions.admit(other.credential(), of_other).value().verdict ==
        AdmissionVerdict::accepted
    );
    stage.lose_messages();
    const Lease first = claimed(work, "d1");

    CHECK(parked(work, "d2"));
    CHECK(stage.announced().empty());
    CHECK(claimed(work, "d9").fence == 1);

    REQUIRE(work.complete(first, {}).has_value());
    CHECK(stage.announced() == "d2");
    CHECK(claimed(work, "d2").fence == 1);
}

TEST_CASE("of many claims at once exactly as many succeed as there are slots")
{
    Stage stage;
    constexpr int k_deployments = 12;
    constexpr int k_slots = 3;
    auto settings = stage.database.settings();
    settings.connections = k_deployments;
    PgPool pool{settings, stage.clock};
    REQUIRE(stage.rescue.set_slots(k_slots).has_value());
    PgWorkStore work{pool, {}, {.deployments = k_slots}};
    for (int i = 0; i < k_deployments; ++i) {
        stage.accept_elsewhere("d" + std::to_string(i));
    }
    std::atomic<int> running{0};
    {
        std::vector<std::jthread> workers;
        workers.reserve(k_deployments);
        for (int i = 0; i < k_deployments; ++i) {
            workers.emplace_back([&, i] {
                const auto answer = work.claim("d" + std::to_string(i), "w" + std::to_string(i));
                if (answer.has_value() && std::holds_alternative<ClaimedDeployment>(*answer)) {
                    ++running;
                }
            });
        }
    }
    // Some may have been put aside while all slots were only looked at.
    CHECK(running <= k_slots);
    CHECK(
        stage.database.number("select count(*) from slots s where not slot_is_free(s)") == k_slots
    );
    CHECK(
        stage.database.number("select count(*) from deployments where parked") ==
        k_deployments - k_slots
    );
}

TEST_CASE("a deployment is told why it waits, how many are ahead, and when it may start")
{
    Stage stage;
    PgWorkStore work = worker_with(stage, {.deployments = 1});
    stage.accept("d1");
    stage.accept_elsewhere("d2");
    stage.accept_elsewhere("d3");
    const auto place = [&](const std::string& id) {
        return stage.control.place(stage.seeded.credential(), id).value();
    };

    CHECK(place("d1").ahead == 0);
    CHECK(place("d3").ahead == 2);
    claimed(work, "d1");
    REQUIRE(parked(work, "d3"));
    stage.accept("d4", OnConflict::queue);

    CHECK(place("d1").status == DeploymentStatus::in_progress);
    CHECK(place("d2").ahead == 0);
    CHECK_FALSE(place("d2").fleet_full);
    CHECK(place("d3").fleet_full);
    CHECK(place("d3").ahead == 1);
    CHECK(place("d3").running == 1);
    CHECK(place("d3").capacity == 1);
    CHECK(place("d3").estimated_start > place("d2").estimated_start);
    CHECK(place("d4").held_by == "d1");
    CHECK(
        stage.control.place({.digest = sha256("unknown")}, "d1").error().code ==
        Errc::unauthenticated
    );
    CHECK(stage.control.place(stage.seeded.credential(), "none").error().code == Errc::not_found);
}

TEST_CASE("a deployment that waits for its next attempt is told until when")
{
    using namespace std::chrono_literals;
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    REQUIRE(stage.work.retry_later(lease, k_failure, StepName::sync, 60s).has_value());

    const QueuePlace place = stage.control.place(stage.seeded.credential(), "d1").value();

    CHECK(place.retry_at.has_value());
    CHECK(place.estimated_start >= place.retry_at.value());
}

}  // namespace
}  // namespace libra
