#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/result.hpp"
#include "shared/base/trace_context.hpp"
#include "shared/domain/deployment.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// @file Who is asking, and may this deployment be accepted?
///
/// Upstream: the gateway's auth and POST /deploy. Downstream: PostgreSQL.

namespace libra {

enum class CredentialKind { token, session };

/// What a request presented; never the credential itself.
struct Credential {
    CredentialKind kind{CredentialKind::token};
    Digest digest{};
};

struct Principal {
    std::string user_id{};
    bool service{};                     // may act for other users
    std::vector<std::string> scopes{};  // of a token; a session has the scope `deploy`

    /// `admin` includes `deploy`, and `deploy` includes `read`. False for any other.
    bool has_scope(std::string_view scope) const;

    /// Whether it is of who runs the platform: a service token with the scope `admin`.
    bool operates_platform() const { return service && has_scope("admin"); }
};

struct NewDeployment {
    std::string id{};
    std::string project_id{};
    std::string org_id{};
    std::string user_id{};
    std::string params_json{};  // the body, large contents already replaced by digests
    std::string request_id{};
    OnConflict on_conflict{OnConflict::reject};
    std::optional<std::string> idempotency_key{};
    bool has_uploads{};    // some files are only a digest in `params_json`
    TraceContext trace{};  // that its messages and attempts belong to
};

enum class AdmissionVerdict {
    accepted,
    unauthenticated,
    missing_scope,        // the token lacks `deploy`
    not_the_caller,       // userId is somebody else and the token is no service token
    not_a_member,         // of the organisation
    role_may_not_deploy,  // viewer
    project_not_found,    // or not of this organisation: a caller must not learn which
    project_inactive,
    deployment_in_progress,  // the project has an active one, named in `blocking_deployment`
    outbox_full,             // as many messages wait for the broker as may
    rate_limited,            // as many of the caller were accepted within a minute as may be
    key_reused,              // the caller has used the key for other parameters
    missing_files,           // the organisation has not uploaded those in `missing`
};

/// The caller's deployments within the last minute, where they are limited.
struct DeployRate {
    int limit{};
    int accepted{};                         // before this one
    std::chrono::seconds oldest_ends_in{};  // until the oldest does not count any more; rounded up
};

struct Admission {
    AdmissionVerdict verdict{AdmissionVerdict::unauthenticated};
    UtcTime accepted_at{};
    std::string blocking_deployment{};
    std::optional<std::string> earlier_deployment{};  // the one accepted for this key before
    std::set<Digest> missing{};
    std::optional<DeployRate> rate{};
};

/// Thread-safe. Each call is one round trip, seldom two, and may share its transaction with others.
/// It blocks for at most the pool's wait plus the statement timeout, as often as that.
///
/// All methods return `unavailable` when the database cannot be reached, is overloaded or was lost
/// before it answered.
class AdmissionStore {
public:
    virtual ~AdmissionStore() = default;

    /// @return `unauthenticated` for a credential that is unknown, expired or revoked.
    virtual Result<Principal> authenticate(const Credential& credential) = 0;

    /// Checks everything AdmissionVerdict names, in its order, and when all is well writes the
    /// deployment together with the outbox row that announces it: both commit, or neither.
    ///
    /// Membership and role are those of `user_id`, whom a service token only represents.
    ///
    /// With an idempotency key that the same caller used within the last 24 hours and was accepted
    /// with, nothing is written: the answer names the earlier deployment, or `key_reused`. Of
    /// several requests at once with one key, one is accepted and the others are answered like it.
    ///
    /// Of files given by digest those count that the organisation itself has uploaded.
    ///
    /// After a connection lost during commit it looks the deployment up by its id before it
    /// answers. After `unavailable` the deployment may have been accepted all the same; the same
    /// call again says so. @return `invalid_input` for parameters PostgreSQL cannot hold
    /// (`\u0000`).
    virtual Result<Admission>
    admit(const Credential& credential, const NewDeployment& deployment) = 0;
};

}  // namespace libra
