#pragma once

#include "shared/base/clock.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace libra::testing {

/// Time that only a test moves. A wait that can be stopped lasts until it is stopped, so background
/// threads do nothing; any other wait moves time forward at once.
class StillClock final : public Clock {
public:
    Instant now() override { return Instant{elapsed_.load()}; }

    UtcTime utc_now() override { return UtcTime{elapsed_.load()}; }

    bool wait_for(std::chrono::milliseconds pause, std::stop_token stop) override
    {
        if (!stop.stop_possible()) {
            advance(pause);
            return true;
        }
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock{mutex};
        never.wait(lock, stop, [] { return false; });
        return false;
    }

    void advance(std::chrono::milliseconds by) { elapsed_ = elapsed_.load() + by; }

private:
    std::atomic<std::chrono::milliseconds> elapsed_{std::chrono::milliseconds{0}};
};

}  // namespace libra::testing
