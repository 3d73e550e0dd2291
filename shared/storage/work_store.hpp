#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/result.hpp"
#include "shared/base/trace_context.hpp"
#include "shared/domain/deployment.hpp"
#include "shared/domain/failure.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// @file The worker's hold on a deployment, and everything it writes while it holds it.
///
/// Upstream: intake and pipeline. Downstream: PostgreSQL. Source of the rules: ARCHITECTURE.md,
/// "Lease and fence".

namespace libra {

inline constexpr std::chrono::seconds k_lease_duration{30};
inline constexpr std::chrono::seconds k_lease_renewal{10};

/// The right to write to a deployment. `fence` grows with every claim, so what an earlier holder
/// still sends is refused.
struct Lease {
    std::string deployment_id{};
    std::int64_t fence{};
};

/// A finished site that an attempt put on the target.
struct UploadedArtifact {
    std::string release_name{};  // under which the target keeps it
    Digest digest{};
    std::uint64_t files{};
    std::uint64_t bytes{};
    std::optional<Digest> manifest{};  // in the object store; known to the attempt that built it

    bool operator==(const UploadedArtifact&) const = default;
};

/// How many deployments may run at the same time.
struct FleetLimits {
    int deployments{5};                    // of all workers together
    std::optional<int> of_organization{};  // of one organisation; unlimited without
};

struct ClaimedDeployment {
    Lease lease{};
    int attempt{};             // 1 for the first
    int retry_count{};         // transient failures so far
    std::string taken_from{};  // the worker that had it, if that one is gone
    std::string project_id{};
    std::string org_id{};
    std::string user_id{};
    std::string site_label{};
    std::string params_json{};
    std::string request_id{};
    UtcTime accepted_at{};
    DeploymentKind kind{DeploymentKind::deploy};
    std::string build_settings_json{"{}"};  // the project's, as they are now
    // What earlier attempts got done, or the deployment it is made from:
    std::optional<Digest> source{};              // manifest of its file tree
    std::optional<UploadedArtifact> uploaded{};  // if the target still has it
    TraceContext trace{};  // it was accepted in; empty where an earlier version accepted it
};

enum class ClaimRefusal {
    unknown,           // no such deployment: forget the message
    terminal,          // already finished: forget the message
    cancelled,         // cancel was requested; the claim has finished it as cancelled
    exhausted,         // its last worker died on the last attempt; the claim has failed it
    leased_elsewhere,  // the claim has written an outbox row for the time the lease ends
    held,              // its project's active deployment has to end first, and then announces it
    parked,            // no slot is free; whoever frees one announces it
    completed,         // it is live and its last worker died afterwards; the claim has completed it
};

using ClaimAnswer = std::variant<ClaimedDeployment, ClaimRefusal>;

enum class LogStream { milestone, out, err };

struct LogLine {
    StepName step{};
    LogStream stream{LogStream::milestone};
    std::string text{};  // UTF-8 without NUL
};

/// What is kept of a failure beside its class, code and message; JSON, or empty.
struct FailureNotes {
    std::string statistics_json{};
    std::string report_json{};
};

struct Completion {
    std::string url{};
    std::string preview_url{};
    std::string statistics_json{};
};

/// Thread-safe. Each call is one transaction. All but `claim` return `fenced` when the lease is no
/// longer ours, in which case nothing was written and the caller stops without side effects; all
/// return `unavailable` when the database cannot be reached or does not answer in time, in which
/// case the same call may be repeated: every call but `append_log` is idempotent under its fence.
///
/// A lease that has run out still holds until somebody else claims the deployment.
class WorkStore {
public:
    virtual ~WorkStore() = default;

    /// For each refusal the message is to be acknowledged and nothing else done.
    virtual Result<ClaimAnswer>
    claim(const std::string& deployment_id, const std::string& worker_id) = 0;

    /// The deployment that is to be taken up before that of any message, if there is one: what
    /// only makes a finished release live again.
    virtual Result<std::optional<std::string>> first_in_line() = 0;

    /// Extends the lease by k_lease_duration. @return whether cancel was requested.
    virtual Result<bool> renew(const Lease& lease) = 0;

    /// Writes nothing. @return whether cancel was requested.
    virtual Result<bool> cancel_requested(const Lease& lease) = 0;

    /// Marks `step` in progress and appends its milestone line.
    virtual Result<void>
    begin_step(const Lease& lease, StepName step, const std::string& milestone) = 0;

    virtual Result<void>
    end_step(const Lease& lease, StepName step, const std::optional<std::string>& error) = 0;

    /// Appends in order; the store numbers the lines. Bytes that are no text become U+FFFD. After
    /// `unavailable` the lines may be there already, and are there twice if the call is repeated.
    virtual Result<void> append_log(const Lease& lease, const std::vector<LogLine>& lines) = 0;

    // The ways a hold ends. Each also closes the attempt's record, drops lease and slot, sets the
    // project's status, and announces what waited for this. Two facts outweigh what the caller
    // says: a deployment whose release is live ends as completed, and one whose cancellation was
    // requested as cancelled.

    virtual Result<void> complete(const Lease& lease, const Completion& completion) = 0;

    /// An `exhausted` or `poison` failure also becomes a dead letter, here and (through the outbox)
    /// on the broker's dead letter queue. A `transient` or `exhausted` one gives the quota back.
    virtual Result<void>
    fail(const Lease& lease, const Failure& failure, StepName step, const FailureNotes& notes) = 0;

    virtual Result<void> cancel(const Lease& lease, StepName step) = 0;

    /// Back to `queued`, its message due after `delay`.
    virtual Result<void> retry_later(
        const Lease& lease,
        const Failure& failure,
        StepName step,
        std::chrono::milliseconds delay
    ) = 0;

    /// Back to `queued` at once and as if this attempt had not been: for a worker that shuts down.
    virtual Result<void> hand_back(const Lease& lease) = 0;
};

}  // namespace libra
