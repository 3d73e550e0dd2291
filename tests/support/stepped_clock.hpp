#pragma once

#include "shared/base/clock.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <set>

namespace libra::testing {

/// Time that only the test moves, for code with threads of its own: their waits end when the time
/// they wait for has come.
class SteppedClock final : public Clock {
public:
    Instant now() override
    {
        const std::scoped_lock lock{mutex_};
        return now_;
    }

    UtcTime utc_now() override
    {
        return UtcTime{std::chrono::floor<std::chrono::milliseconds>(now().time_since_epoch())};
    }

    bool wait_for(std::chrono::milliseconds pause, std::stop_token stop) override
    {
        std::unique_lock lock{mutex_};
        const auto place = waits_.insert(now_ + pause);
        changed_.notify_all();
        const bool come = changed_.wait(lock, stop, [&] { return *place <= now_; });
        waits_.erase(place);
        return come;
    }

    /// Blocks until `threads` threads wait for a time still to come, or `stop` is requested.
    void settle(std::size_t threads, const std::stop_token& stop)
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, stop, [&] {
            return static_cast<std::size_t>(std::distance(waits_.upper_bound(now_), waits_.end())
                   ) >= threads;
        });
    }

    void advance(std::chrono::milliseconds by)
    {
        const std::scoped_lock lock{mutex_};
        now_ += by;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    Instant now_{};
    std::multiset<Instant> waits_;
};

}  // namespace libra::testing
