#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/domain/deployment.hpp"
#include "shared/storage/admission_store.hpp"

#include <cstdint>
#include <optional>
#include <string>

/// @file Stopping a deployment, and asking why it waits.
///
/// Upstream: the gateway. Downstream: PostgreSQL; a running deployment's worker reads there that it
/// has to stop.

namespace libra {

enum class CancelVerdict {
    cancelled,   // it is, now or since earlier
    cancelling,  // its worker has been told; ends as cancelled, and then is not served
    live,        // too late: it is live, and only its clean-up may be left
    finished,    // too late: it completed or failed before
    unauthenticated,
    missing_scope,        // the token has neither `deploy` nor `admin`
    not_found,            // no such deployment of an organisation the caller is a member of
    role_may_not_deploy,  // viewer
};

/// Where a deployment stands among those that wait.
struct QueuePlace {
    DeploymentStatus status{DeploymentStatus::queued};
    // All that follows is meaningful while it is queued.
    std::optional<std::string> held_by{};  // the deployment of its project that has to end first
    bool organization_full{};              // as many of its organisation run as may
    bool fleet_full{};                     // as many run as may, all organisations together
    std::optional<UtcTime> retry_at{};     // it failed, and waits for its next attempt
    std::int64_t ahead{};                  // deployments that are served before it
    std::int64_t running{};                // of all organisations
    std::int64_t capacity{};               // how many can run at once; 0 before a worker ever ran
    UtcTime estimated_start{};             // from how long the latest deployments took
};

/// Thread-safe; blocks and fails (`unavailable`) like AdmissionStore.
class DeploymentControl {
public:
    virtual ~DeploymentControl() = default;

    /// Idempotent. A service token and a token with the scope `admin` may cancel deployments of
    /// every organisation, anybody else those of organisations they may deploy for. What was
    /// cancelled or is being cancelled is written to the audit log.
    virtual Result<CancelVerdict> cancel(
        const Credential& credential,
        const std::string& deployment_id,
        const std::string& request_id
    ) = 0;

    /// For members of the deployment's organisation in any role, service tokens and `admin`.
    /// @return `unauthenticated`; `not_found` also for whom the deployment does not concern.
    virtual Result<QueuePlace>
    place(const Credential& credential, const std::string& deployment_id) = 0;
};

}  // namespace libra
