#include "deploy-worker/pipeline/lease_keeper.hpp"

#include <utility>

namespace libra {

LeaseKeeper::LeaseKeeper(WorkStore& store, Clock& clock, Log log, Lease lease, Instant claimed_at)
    : store_{store},
      clock_{clock},
      log_{std::move(log)},
      lease_{std::move(lease)},
      renewed_at_{claimed_at},
      renewing_{[this](const std::stop_token& done) { renew_until(done); }},
      watching_{[this](const std::stop_token& done) { watch_until(done); }}
{
}

LeaseKeeper::~LeaseKeeper() = default;

void LeaseKeeper::stop(StopReason reason)
{
    StopReason none = StopReason::none;
    if (!reason_.compare_exchange_strong(none, reason) && reason == StopReason::lease_lost) {
        reason_.store(reason);
    }
    stop_.request_stop();
}

void LeaseKeeper::renew_until(const std::stop_token& done)
{
    Instant next = renewed_at_.load() + k_lease_renewal;
    while (holds() && clock_.wait_for(k_cancel_poll, done)) {
        const Instant now = clock_.now();
        if (now >= next) {
            next = renew(now);
        } else {
            look_for_cancel();
        }
    }
}

/// @return when to renew the next time.
Instant LeaseKeeper::renew(Instant now)
{
    const Result<bool> renewed = store_.renew(lease_);
    if (renewed.has_value()) {
        renewed_at_ = now;
        if (*renewed) {
            stop(StopReason::cancelled);
        }
        return now + k_lease_renewal;
    }
    if (renewed.error().code == Errc::fenced) {
        stop(StopReason::lease_lost);
    } else {
        log_.warning("lease not renewed", {{"reason", renewed.error().detail}});
    }
    return now + std::chrono::seconds{1};
}

void LeaseKeeper::look_for_cancel()
{
    const Result<bool> requested = store_.cancel_requested(lease_);
    if (requested.has_value() && *requested) {
        stop(StopReason::cancelled);
    } else if (requested.has_error() && requested.error().code == Errc::fenced) {
        stop(StopReason::lease_lost);
    }
}

void LeaseKeeper::watch_until(const std::stop_token& done)
{
    while (holds()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            renewed_at_.load() + k_lease_patience - clock_.now()
        );
        if (left.count() <= 0) {
            log_.warning("lease lost", {{"reason", "not renewed in time"}});
            stop(StopReason::lease_lost);
        } else if (!clock_.wait_for(left, done)) {
            return;
        }
    }
}

}  // namespace libra
