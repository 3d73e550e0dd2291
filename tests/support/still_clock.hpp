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
        std::unique_lock lock{mutex_};
        ++waiting_;
        changed_.notify_all();
        changed_.wait(lock, stop, [] { return false; });
        --waiting_;
        return false;
    }

    /// Blocks until `threads` threads are in waits that can be stopped: what moves time before does
    /// so behind the back of a thread that has not looked at the clock yet.
    void settle(int threads)
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return waiting_ >= threads; });
    }

    void advance(std::chrono::milliseconds by) { elapsed_ = elapsed_.load() + by; }

private:
    std::atomic<std::chrono::milliseconds> elapsed_{std::chrono::milliseconds{0}};
    std::mutex mutex_;
    std::condition_variable_any changed_;
    int waiting_{0};
};

}  // namespace libra::testing
