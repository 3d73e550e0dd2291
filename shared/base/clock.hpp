#pragma once

#include <chrono>
#include <stop_token>
#include <string>

/// @file Time as a dependency, so a test can make ten minutes pass in none.

namespace libra {

using Instant = std::chrono::steady_clock::time_point;  // monotonic, for deadlines
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;

    /// Monotonic; comparable only with other values from the same `Clock`.
    virtual Instant now() = 0;

    virtual UtcTime utc_now() = 0;

    /// Blocks the calling thread for `pause`, or until `stop` is requested.
    /// @return false if it was `stop` that ended the wait.
    virtual bool wait_for(std::chrono::milliseconds pause, std::stop_token stop) = 0;
};

class SystemClock final : public Clock {
public:
    Instant now() override;
    UtcTime utc_now() override;
    bool wait_for(std::chrono::milliseconds pause, std::stop_token stop) override;
};

/// RFC 3339 in UTC with milliseconds: `2025-07-22T10:30:00.000Z` (SPEC: HTTP API).
std::string to_rfc3339(UtcTime time);

}  // namespace libra
