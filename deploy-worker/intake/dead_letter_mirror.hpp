#pragma once

#include "shared/base/log.hpp"
#include "shared/broker/dead_letter_queue.hpp"
#include "shared/storage/dead_letter_store.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <stop_token>
#include <utility>

/// @file Keeps the broker's dead letter queue and the dead letters of the database in step.
///
/// Upstream: a timer of every worker. In the queue afterwards: one copy of each open letter. In the
/// database: a letter for every message that was in the queue, also for those that the broker
/// itself or somebody by hand put there.

namespace libra {

/// One thread.
class DeadLetterMirror {
public:
    /// The references must outlive it.
    DeadLetterMirror(DeadLetterStore& store, DeadLetterQueue& queue, Log log);

    /// Looks through the queue if it does not hold as many messages as it should, unless that was
    /// so after the last look already. What fails is left to the next pass. Blocks for half a
    /// minute at most.
    void pass(const std::stop_token& stop);

private:
    using Counts = std::pair<std::int64_t, std::int64_t>;  // wanted, found

    Result<void> compare(const std::stop_token& stop);
    Result<Counts> count();
    Result<bool> keeps(const DeadMessage& message, std::set<std::int64_t>& seen);
    Result<void> bury(const DeadMessage& message);

    DeadLetterStore& store_;
    DeadLetterQueue& queue_;
    Log log_;
    std::optional<Counts> settled_{};  // what a look could not bring closer together
};

}  // namespace libra
