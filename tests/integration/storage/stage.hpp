#pragma once

#include "shared/base/clock.hpp"
#include "shared/storage/pg_admission_store.hpp"
#include "shared/storage/pg_deployment_reader.hpp"
#include "shared/storage/pg_outbox_store.hpp"
#include "shared/storage/pg_pool.hpp"
#include "shared/storage/pg_project_store.hpp"
#include "shared/storage/pg_release_store.hpp"
#include "shared/storage/pg_work_store.hpp"
#include "tests/support/pg_seed.hpp"
#include "tests/support/pg_test_database.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <variant>

namespace libra::testing {

/// A database with one project, and every store on it.
struct Stage {
    PgTestDatabase database{};
    SeededProject seeded{seed_project(database)};
    SystemClock clock{};
    PgPool pool{database.settings(), clock};
    PgAdmissionStore admissions{pool, {}};
    PgDeploymentReader reader{pool};
    PgWorkStore work{pool, {}};
    PgProjectStore projects{pool};
    PgReleaseStore releases{pool};
    PgOutboxStore outbox{pool};

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

    void accept(const std::string& id)
    {
        const auto admission = admissions.admit(seeded.credential(), new_deployment(id));
        REQUIRE(admission.has_value());
        REQUIRE(admission->verdict == AdmissionVerdict::accepted);
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
