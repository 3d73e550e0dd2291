#pragma once

#include "shared/base/clock.hpp"
#include "shared/storage/pg_admission_store.hpp"
#include "shared/storage/pg_deployment_control.hpp"
#include "shared/storage/pg_deployment_reader.hpp"
#include "shared/storage/pg_history_store.hpp"
#include "shared/storage/pg_outbox_store.hpp"
#include "shared/storage/pg_pool.hpp"
#include "shared/storage/pg_project_store.hpp"
#include "shared/storage/pg_release_store.hpp"
#include "shared/storage/pg_rescue_store.hpp"
#include "shared/storage/pg_work_store.hpp"
#include "tests/support/pg_seed.hpp"
#include "tests/support/pg_test_database.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <variant>
#include <vector>

namespace libra::testing {

/// A database with one project, and every store on it.
struct Stage {
    static constexpr int k_slots = 100;  // more than any test fills, but for those about slots
    PgTestDatabase database{};
    SeededProject seeded{seed_project(database)};
    SystemClock clock{};
    PgPool pool{database.settings(), clock};
    PgAdmissionStore admissions{pool, {}};
    PgDeploymentReader reader{pool};
    PgHistoryStore history{pool};
    PgWorkStore work{pool, {}, {.deployments = k_slots}};
    PgProjectStore projects{pool};
    PgReleaseStore releases{pool};
    PgOutboxStore outbox{pool};
    PgDeploymentControl control{pool, {}};
    PgRescueStore rescue{pool, {}};
    Result<void> slots{rescue.set_slots(k_slots)};

    NewDeployment new_deployment(const std::string& id) const
    {
        return {
            .id = id,
            .project_id = seeded.project_id,
            .org_id = seeded.org_id,
            .user_id = seeded.user_id,
            .params_json = R"({"projectId": "project-1"})",
            .request_id = "request-1"};
    }

    AdmissionVerdict admit(const NewDeployment& deployment)
    {
        const auto admission = admissions.admit(seeded.credential(), deployment);
        REQUIRE(admission.has_value());
        return admission->verdict;
    }

    void accept(const std::string& id, OnConflict on_conflict = OnConflict::reject)
    {
        NewDeployment deployment = new_deployment(id);
        deployment.on_conflict = on_conflict;
        REQUIRE(admit(deployment) == AdmissionVerdict::accepted);
    }

    /// Accepts a deployment of a project of its own in the organisation.
    void accept_elsewhere(const std::string& id)
    {
        SeededProject other = seeded;
        other.project_id = "project-of-" + id;
        seed_project(database, other);
        NewDeployment deployment = new_deployment(id);
        deployment.project_id = other.project_id;
        REQUIRE(admit(deployment) == AdmissionVerdict::accepted);
    }

    CancelVerdict cancel(const std::string& id)
    {
        return control.cancel(seeded.credential(), id, "request-1").value();
    }

    /// Takes every message out of the outbox, as a relay does, and loses it.
    void lose_messages() const { database.run("delete from outbox"); }

    /// The deployments whose messages wait for a relay, in the order of their ids.
    std::string announced() const
    {
        return database.text(
            "select coalesce(string_agg(deployment_id, ' ' order by deployment_id), '') "
            "from outbox where exchange = 'deployment' and available_at <= now()"
        );
    }

    /// As of the first upload of the attempt.
    UploadedArtifact uploaded(const Lease& lease)
    {
        UploadedArtifact artifact{
            .release_name = lease.deployment_id + "-" + std::to_string(lease.fence),
            .digest = sha256("site"),
            .files = 3,
            .bytes = 300};
        REQUIRE(releases.record_upload(lease, artifact, std::nullopt).has_value());
        return artifact;
    }

    void go_live(const Lease& lease)
    {
        uploaded(lease);
        const auto switched = releases.switch_live(
            lease,
            {.url = "https://a.test/"},
            [](const std::vector<std::string>&) { return Result<void>{}; }
        );
        REQUIRE(switched.value() == SwitchVerdict::live);
    }

    ClaimedDeployment claim(const std::string& id, const std::string& worker = "worker-1")
    {
        const auto answer = work.claim(id, worker);
        REQUIRE(answer.has_value());
        REQUIRE(std::holds_alternative<ClaimedDeployment>(*answer));
        return std::get<ClaimedDeployment>(*answer);
    }

    Lease accept_and_claim(const std::string& id)
    {
        accept(id);
        return claim(id).lease;
    }

    /// As when the worker that holds it died more than a lease ago.
    void let_lease_expire(const std::string& id) const
    {
        database.run(
            "update deployments set lease_until = now() - interval '1 second' where id = '" + id +
            "'"
        );
    }

    std::string status(const std::string& id) const
    {
        return database.text("select status from deployments where id = '" + id + "'");
    }

    std::string project_status() const
    {
        return database.text("select deployment_status from projects where id = 'project-1'");
    }
};

}  // namespace libra::testing
