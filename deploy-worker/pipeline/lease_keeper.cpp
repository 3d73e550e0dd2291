#include "deploy-worker/pipeline/lease_keeper.hpp"

#include <utility>

namespace libra {

LeaseKeeper::LeaseKeeper(WorkStore& store, Clock& clock, Log log, Lease lease, Instant claimed_at)
    : store_{store},
      clock_{clock},
      log_{std::move(log)},
      lease_{std::move(lease)},
      renewed_at_{claimed_at},
      thread_{[this](const std::stop_token& done) { renew_until(done); }}
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
    std::chrono::milliseconds pause = k_lease_renewal;
    while (clock_.wait_for(pause, done)) {
        const Instant sent_at = clock_.now();
        const Result<bool> renewed = store_.renew(lease_);
        if (renewed.has_value()) {
            renewed_at_ = sent_at;
            pause = k_lease_renewal;
            if (*renewed) {
                stop(StopReason::cancelled);
            }
            continue;
        }
        const bool over =
            renewed.error().code == Errc::fenced || clock_.now() - renewed_at_ >= k_lease_patience;
        if (over) {
            log_.warning("lease lost", {{"reason", renewed.error().detail}});
            stop(StopReason::lease_lost);
            return;
        }
        log_.warning("lease not renewed; trying again", {{"reason", renewed.error().detail}});
        pause = std::chrono::seconds{1};
    }
}

}  // namespace libra
