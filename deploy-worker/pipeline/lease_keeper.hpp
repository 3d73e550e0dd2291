#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/storage/work_store.hpp"

#include <atomic>
#include <stop_token>
#include <thread>

/// @file Holds on to a deployment while it runs, and says when to let go.

namespace libra {

enum class StopReason { none, cancelled, lease_lost, shutdown };

/// After this long without a renewal the worker ends its own side effects, 10 s before anybody else
/// can claim the deployment.
inline constexpr std::chrono::seconds k_lease_patience{20};

/// How often the worker looks whether cancellation was requested. A hint through the broker would
/// come sooner, but could not be relied on; this keeps the second that a running step has to end
/// in.
inline constexpr std::chrono::milliseconds k_cancel_poll{500};

/// Renews the lease from a thread of its own for as long as it lives, and from another one watches
/// the time since, so that a database call that hangs does not hide that the lease runs out.
/// Thread-safe.
class LeaseKeeper {
public:
    /// `claimed_at` is when the claim was sent. The references must outlive the keeper.
    LeaseKeeper(WorkStore& store, Clock& clock, Log log, Lease lease, Instant claimed_at);

    /// Stops renewing; the lease itself stays until it is written off or runs out.
    ~LeaseKeeper();

    LeaseKeeper(const LeaseKeeper&) = delete;
    LeaseKeeper& operator=(const LeaseKeeper&) = delete;

    /// Requested when the work has to end; `reason` then says why.
    std::stop_token stop_token() const { return stop_.get_token(); }

    StopReason reason() const { return reason_.load(); }

    /// Ends the work. Of several reasons the first stands, but a lost lease always does.
    void stop(StopReason reason);

    /// Whether our writes may still count.
    bool holds() const { return reason() != StopReason::lease_lost; }

private:
    void renew_until(const std::stop_token& done);
    void watch_until(const std::stop_token& done);
    Instant renew(Instant now);
    void look_for_cancel();

    WorkStore& store_;
    Clock& clock_;
    Log log_;
    Lease lease_;
    std::atomic<Instant> renewed_at_;
    std::atomic<StopReason> reason_{StopReason::none};
    std::stop_source stop_;
    std::jthread renewing_;  // last: they use all of the above
    std::jthread watching_;
};

}  // namespace libra
