#pragma once

#include "deploy-worker/pipeline/cache_lookups.hpp"
#include "shared/domain/deployment.hpp"
#include "shared/domain/failure.hpp"
#include "shared/storage/work_store.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file What a worker tells whoever watches its work.
///
/// Upstream: pipeline, intake, rescuer and mirror, each from its own thread. Downstream: metrics
/// and traces.

namespace libra {

enum class StepOutcome { completed, failed, stopped };

struct StepEnd {
    StepName step{};
    StepOutcome outcome{};
    std::chrono::milliseconds took{};
    std::optional<FailureClass> failure_class{};  // unless it completed
    std::string error_code{};                     // likewise
};

enum class AttemptOutcome {
    completed,
    failed,
    cancelled,
    retry,        // failed, and comes again
    handed_back,  // the worker shut down
    abandoned,    // its end could not be written
};

struct AttemptEnd {
    AttemptOutcome outcome{};
    std::optional<FailureClass> failure_class{};  // of `failed`
    std::string error_code{};                     // of `failed` and `retry`
    bool lease_lost{};
    std::chrono::milliseconds since_accepted{};
    std::vector<CacheLookup> lookups{};
};

enum class DeadLetterSource {
    message,  // nobody can read it, or it is of no deployment
    broker,   // the broker gave up on it, or somebody put it there
};

enum class RescueKind {
    message,  // a deployment announced again: its worker died, or its message was lost
    slot,     // a free slot given to a deployment that waits
    site,     // a switch that nobody finished
    name,     // a name given to a project or taken from one
};

/// Words for labels.
std::string_view to_string(StepOutcome outcome) noexcept;
std::string_view to_string(AttemptOutcome outcome) noexcept;
std::string_view to_string(DeadLetterSource source) noexcept;
std::string_view to_string(RescueKind kind) noexcept;

/// Does nothing; whoever wants to know overrides. Calls return at once and may come from any
/// thread; those about an attempt and its steps come from one, and one attempt ends before the next
/// begins.
class WorkObserver {
public:
    virtual ~WorkObserver() = default;

    /// `waited` since the deployment was accepted.
    virtual void
    attempt_began(const ClaimedDeployment& /*claim*/, std::chrono::milliseconds /*waited*/)
    {
    }

    virtual void step_ended(const StepEnd& /*end*/) {}

    /// As its worker asked for it: where a cancellation came at the same moment, or the release was
    /// live already, what is stored is that.
    virtual void attempt_ended(const AttemptEnd& /*end*/) {}

    /// A claim was refused, which may itself have ended the deployment.
    virtual void refused(ClaimRefusal) {}

    virtual void buried(DeadLetterSource) {}

    virtual void rescued(RescueKind, int /*number*/) {}
};

/// For who is not to be told.
WorkObserver& no_observer();

}  // namespace libra
