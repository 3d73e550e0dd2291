#pragma once

#include "shared/base/digest.hpp"
#include "shared/storage/admission_store.hpp"
#include "tests/support/pg_test_database.hpp"

#include <string>

/// @file What has to be in the database before anybody can deploy.

namespace libra::testing {

struct SeededProject {
    std::string project_id{"project-1"};
    std::string org_id{"org-1"};
    std::string user_id{"user-1"};
    std::string token{"token-of-user-1"};

    Credential credential() const { return {.digest = sha256(token)}; }
};

/// Writes an organisation, a member of it, a project and a token with the scope `deploy`. The plan
/// allows a thousand deployments. What is there already stays.
inline SeededProject seed_project(const PgTestDatabase& database, const SeededProject& seed = {})
{
    const auto quoted = [](const std::string& text) { return "'" + text + "'"; };
    const std::string org = quoted(seed.org_id);
    const std::string user = quoted(seed.user_id);
    const std::string project = quoted(seed.project_id);
    database.run(
        "insert into organizations (id, name) values (" + org + ", " + org +
        ") on conflict do nothing;"
        "insert into members (org_id, user_id, role) values (" +
        org + ", " + user +
        ", 'member') on conflict do nothing;"
        "insert into plan_allowances (org_id, plan, deploy_limit) values (" +
        org +
        ", 'free', 1000) on conflict do nothing;"
        "insert into projects (id, org_id, name, site_label) values (" +
        project + ", " + org + ", " + project + ", " + project +
        ") on conflict do nothing;"
        "insert into tokens (digest, user_id, scopes) values (decode('" +
        sha256(seed.token).hex() + "', 'hex'), " + user + ", '{deploy}') on conflict do nothing"
    );
    return seed;
}

}  // namespace libra::testing
