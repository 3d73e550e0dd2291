#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/storage/requester.hpp"

#include <optional>
#include <string>
#include <vector>

/// @file Projects as the members of an organisation manage them.
///
/// Upstream: the gateway's /projects. Downstream: PostgreSQL.

namespace libra {

struct ProjectRecord {
    std::string id{};
    std::string org_id{};
    std::string name{};
    std::string site_label{};  // the DNS label it is served under
    bool active{};             // else deployments are refused
    std::string status{};      // idle, preparing, deploying, deployed or failed
    std::optional<std::string> live_deployment{};
    std::optional<std::string>
        build{};  // settings of its builds as JSON; nothing where none is set
    std::optional<std::string> site_template{};  // one of k_site_templates
    UtcTime created_at{};
};

struct ProjectPage {
    std::vector<ProjectRecord> projects{};  // by id
    std::optional<std::string> next{};      // `after` of the next page
};

struct NewProject {
    std::string id{};
    std::string org_id{};
    std::string name{};
    std::string site_label{};
    std::optional<std::string> build{};  // as in ProjectChanges
    std::optional<std::string> site_template{};
};

struct ProjectChanges {  // what is absent stays as it is
    std::optional<std::string> name{};
    std::optional<bool> active{};
    std::optional<std::string> build{};  // a JSON object: what is null is removed, the rest set
    std::optional<std::string> site_template{};  // empty: none from now on
};

enum class ProjectVerdict {
    done,
    not_found,               // or of an organisation the requester is no member of
    not_a_member,            // of the organisation that the new project is to belong to
    role_not_sufficient,     // a viewer; to delete, anybody but owner and admin
    id_taken,                // whoever has it, or had it
    label_taken,             // by any project of any organisation
    deployment_in_progress,  // one is queued or runs
};

struct ProjectChange {
    ProjectVerdict verdict{};
    std::optional<ProjectRecord> project{};  // as it is now, where it was created or changed
};

/// Thread-safe; each call is one transaction; `unavailable` when the database does not answer.
/// Every change that was done is in the audit log.
class ProjectRegistry {
public:
    virtual ~ProjectRegistry() = default;

    /// Of one organisation, or of all the requester is a member of. @return `not_found` for an
    /// organisation that the requester is no member of.
    virtual Result<ProjectPage> list(
        const Requester& requester,
        const std::optional<std::string>& org_id,
        const std::optional<std::string>& after,
        int limit
    ) = 0;

    /// @return `not_found`, also for a project of an organisation the requester is no member of.
    virtual Result<ProjectRecord> find(const Requester& requester, const std::string& id) = 0;

    virtual Result<ProjectChange> create(const Requester& requester, const NewProject& project) = 0;

    virtual Result<ProjectChange>
    change(const Requester& requester, const std::string& id, const ProjectChanges& changes) = 0;

    /// Its addresses are taken down by a worker (RescueStore::follow_site_changes); its deployments
    /// stay.
    virtual Result<ProjectVerdict> remove(const Requester& requester, const std::string& id) = 0;
};

}  // namespace libra
