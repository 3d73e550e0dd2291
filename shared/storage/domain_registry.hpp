#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/storage/requester.hpp"

#include <string>
#include <vector>

/// @file The custom domains of a project.
///
/// Upstream: the gateway's /projects/{id}/domains. Downstream: PostgreSQL; a worker makes the
/// target follow (RescueStore::follow_site_changes).

namespace libra {

inline constexpr int k_most_domains = 50;  // of one project: a switch locks every one of them

struct DomainRecord {
    std::string hostname{};
    UtcTime created_at{};
};

enum class AddVerdict {
    added,
    present,  // the project has it already
    taken,    // another project has it
    too_many,
    project_not_found,
    role_not_sufficient,
};

enum class RemoveVerdict {
    removed,
    absent,  // the project does not have it
    project_not_found,
    role_not_sufficient,
};

struct DomainAddition {
    AddVerdict verdict{};
    DomainRecord domain{};  // where it was added or present
};

/// Thread-safe; each call is one transaction; `unavailable` when the database does not answer. Who
/// is no member of the project's organisation learns nothing but that there is no such project.
class DomainRegistry {
public:
    virtual ~DomainRegistry() = default;

    /// By name. @return `not_found` for the project.
    virtual Result<std::vector<DomainRecord>>
    list(const Requester& requester, const std::string& project_id) = 0;

    /// `hostname` in its ASCII form.
    virtual Result<DomainAddition>
    add(const Requester& requester, const std::string& project_id, const std::string& hostname) = 0;

    virtual Result<RemoveVerdict> remove(
        const Requester& requester,
        const std::string& project_id,
        const std::string& hostname
    ) = 0;
};

}  // namespace libra
