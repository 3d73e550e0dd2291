#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/storage/requester.hpp"

#include <optional>
#include <string>
#include <vector>

/// @file The variables of a project's builds, as the members of its organisation manage them.
///
/// Upstream: the gateway's /projects/{id}/env. Downstream: PostgreSQL, which gets secrets sealed
/// (SecretBox). Who builds reads them through ProjectStore.

namespace libra {

/// A secret has no `value`: it is write-only.
struct VariableRecord {
    std::string name{};
    std::optional<std::string> value{};
    bool secret{};
    UtcTime updated_at{};
};

struct NewVariable {
    std::string name{};
    std::string value{};  // of a secret: sealed, any bytes
    bool secret{};
    std::size_t bytes{};  // of the value that is meant
};

enum class VariableVerdict {
    done,
    absent,     // the project has no such variable
    too_many,   // k_max_variables
    too_large,  // k_max_variables_bytes
    project_not_found,
    role_not_sufficient,
};

struct VariableChange {
    VariableVerdict verdict{};
    UtcTime updated_at{};  // where it was set
};

/// Thread-safe; each call is one transaction; `unavailable` when the database does not answer. Who
/// is no member of the project's organisation learns nothing but that there is no such project.
class VariableRegistry {
public:
    virtual ~VariableRegistry() = default;

    /// By name; no value of a secret. @return `not_found` for the project.
    virtual Result<std::vector<VariableRecord>>
    list(const Requester& requester, const std::string& project_id) = 0;

    /// Whatever it was before.
    virtual Result<VariableChange>
    set(const Requester& requester, const std::string& project_id, const NewVariable& variable) = 0;

    virtual Result<VariableVerdict>
    remove(const Requester& requester, const std::string& project_id, const std::string& name) = 0;
};

}  // namespace libra
