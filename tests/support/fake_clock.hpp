#pragma once

#include "shared/base/clock.hpp"

#include <atomic>

namespace libra::testing {

/// Waiting moves time forward at once. Both clocks start at their epoch.
class FakeClock final : public Clock {
public:
    Instant now() override { return Instant{elapsed_.load()}; }

    UtcTime utc_now() override { return UtcTime{elapsed_.load()}; }

    bool wait_for(std::chrono::milliseconds pause, std::stop_token stop) override
    {
        if (stop.stop_requested()) {
            return false;
        }
        advance(pause);
        return true;
    }

    void advance(std::chrono::milliseconds by) { elapsed_ = elapsed_.load() + by; }

private:
    std::atomic<std::chrono::milliseconds> elapsed_{std::chrono::milliseconds{0}};
};

}  // namespace libra::testing
