#pragma once

#include "deploy-worker/pipeline/work_observer.hpp"
#include "shared/base/log.hpp"
#include "shared/broker/dead_letter_queue.hpp"
#include "shared/storage/dead_letter_store.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <stop_token>
#include <utility>
#include <vector>

/// @file Keeps the broker's dead letter queue and the dead letters of the database in step.
///
/// Upstream: a timer of every worker. In the queue afterwards: one copy of each open letter, also
/// where somebody took one away. In the database: a letter for every message that was in the queue,
/// also for those that the broker itself or somebody by hand put there.

namespace libra {

inline constexpr int k_routine_look = 20;

/// One thread.
class DeadLetterMirror {
public:
    /// The references must outlive it.
    DeadLetterMirror(
        DeadLetterStore& store,
        DeadLetterQueue& queue,
        Log log,
        WorkObserver& observer = no_observer()
    );

    /// Looks through the queue if it does not hold as many messages as it should, and at every
    /// k_routine_look-th pass, for the number may be right by chance. What fails is left to the
    /// next pass. Blocks for half a minute at most.
    ///
    /// Two mirrors that look at the same time can at worst double a copy, until the next pass.
    void pass(const std::stop_token& stop);

private:
    using Counts = std::pair<std::int64_t, std::int64_t>;  // wanted, found

    struct Look {
        std::set<std::int64_t> kept{};  // letters of the copies
        int dropped{};
    };

    Result<void> compare(const std::stop_token& stop);
    Result<Counts> count();
    Result<bool> keeps(const DeadMessage& message, Look& look);
    Result<void> bury(const DeadMessage& message);
    Result<void> send_missing(std::vector<std::int64_t> letters, const Look& look);

    DeadLetterStore& store_;
    DeadLetterQueue& queue_;
    Log log_;
    WorkObserver& observer_;
    int passes_{0};
    std::optional<Counts> in_vain_{};  // with these, a look did not get to what has to be done
};

}  // namespace libra
