#pragma once

#include "deploy-worker/pipeline/work_observer.hpp"
#include "deploy-worker/targets/target.hpp"
#include "shared/base/log.hpp"
#include "shared/storage/rescue_store.hpp"

#include <cstdint>
#include <functional>
#include <optional>

/// @file Puts right what was lost on the way: deployments of dead workers, messages that are gone,
/// slots nobody filled, switches nobody finished; and clears away keys that are too old to count.
///
/// Upstream: a timer of every worker. Downstream: RescueStore; the message of a rescued deployment
/// comes through the broker like any other.

namespace libra {

class Rescuer {
public:
    /// How many messages wait in the work queue, as the broker said a moment ago; nothing while
    /// it is not known.
    using Backlog = std::function<std::optional<std::int64_t>()>;

    /// The references must outlive it.
    Rescuer(
        RescueStore& store,
        Target& target,
        Backlog backlog,
        Log log,
        WorkObserver& observer = no_observer()
    );

    /// Does everything once. What fails, because the database is away or a switch is refused, is
    /// left to the next pass. Blocks for a few database calls.
    void pass();

    /// Makes the target serve what the database says: where a switch was not finished, and under
    /// names that were given to a project or taken from one. To be called often: somebody waits
    /// for it. Blocks for two database calls where nothing is to be done.
    void settle_sites();

private:
    void report(const char* what, const Result<int>& outcome);
    void report(RescueKind kind, const char* what, const Result<int>& outcome);
    Result<void> restore(const LiveSite& site);

    RescueStore& store_;
    Target& target_;
    Backlog backlog_;
    Log log_;
    WorkObserver& observer_;
};

}  // namespace libra
