#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/base/trace_context.hpp"
#include "shared/domain/deployment.hpp"

#include <optional>
#include <string>

/// @file New deployments made from earlier ones: the same files once more, or a finished release
/// made live again.
///
/// Upstream: the gateway's retry, promote and rollback. Downstream: PostgreSQL.

namespace libra {

struct Redeployment {
    std::string id{};
    DeploymentKind kind{DeploymentKind::retry};  // not `deploy`
    std::optional<std::string> source_id{};      // nothing, for a rollback: what was live before
    std::optional<std::string> project_id{};     // of a rollback
    std::string user_id{};                       // who asks
    bool everywhere{};                           // may deploy for every organisation
    std::string request_id{};
    TraceContext trace{};  // that its messages and attempts belong to
};

enum class RedeployVerdict {
    accepted,
    not_found,            // no such deployment or project of the caller's organisations
    role_may_not_deploy,  // viewer
    project_inactive,
    source_not_found,        // no such deployment of the project
    source_unfinished,       // it never became a finished release
    release_gone,            // it did, and that is not kept any more
    already_live,            // nothing to do
    no_earlier_release,      // nothing was live before what is
    deployment_in_progress,  // the project has an active one, named in `blocking_deployment`
    outbox_full,             // as many messages wait for the broker as may
};

struct RedeployAnswer {
    RedeployVerdict verdict{RedeployVerdict::not_found};
    UtcTime accepted_at{};
    std::string blocking_deployment{};
};

/// Thread-safe; one round trip and one transaction; blocks and fails (`unavailable`) like
/// AdmissionStore.
class RedeployStore {
public:
    virtual ~RedeployStore() = default;

    /// Accepts the deployment, writes the outbox row that announces it and the audit log, or says
    /// why not, in the order of RedeployVerdict. Again for an id that was accepted: `accepted`.
    virtual Result<RedeployAnswer> redeploy(const Redeployment& wanted) = 0;
};

}  // namespace libra
