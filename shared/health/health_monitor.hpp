#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/storage/database.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <stop_token>

/// @file Whether the dependencies are there, asked in the background so that nobody who wants to
/// know has to wait.

namespace libra {

/// The three together keep SPEC's promise: a stopped dependency shows within 2 s.
struct HealthPolicy {
    std::chrono::milliseconds interval{500};
    std::chrono::milliseconds ping_limit{1000};
    std::chrono::milliseconds stale_after{1800};  // an older answer counts as none
};

class HealthMonitor {
public:
    /// @param queue_healthy  asked by whoever asks us; never blocks. The references must outlive
    ///                       the monitor.
    HealthMonitor(
        DatabaseProbe& database,
        std::function<bool()> queue_healthy,
        Clock& clock,
        Log log,
        HealthPolicy policy = {}
    );

    /// Asks until `stop` is requested; blocks the calling thread.
    void run(const std::stop_token& stop);

    /// Asks the database once. Blocks for `ping_limit` at most.
    void look();

    /// Any thread; never block.
    bool database_healthy() const;

    bool queue_healthy() const { return queue_healthy_(); }

private:
    DatabaseProbe& database_;
    std::function<bool()> queue_healthy_;
    Clock& clock_;
    Log log_;
    HealthPolicy policy_;
    std::atomic<bool> answered_well_{false};
    std::atomic<Instant> answered_at_{};
};

}  // namespace libra
