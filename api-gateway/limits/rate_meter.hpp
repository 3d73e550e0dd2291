#pragma once

#include "shared/base/clock.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

/// @file How often each of many callers may do something.

namespace libra {

/// Where a caller stands.
struct RateReading {
    bool allowed{true};
    int limit{};                        // a minute
    int remaining{};                    // that may come at once
    std::chrono::seconds until_full{};  // until all of `limit` may come at once again; rounded up
    std::chrono::seconds until_next{};  // 0 while `remaining` is not; rounded up
};

/// A full minute's share may come at once; what is spent comes back evenly (the generic cell rate
/// algorithm). Keeps the callers seen last, so that made-up ones cost no more than that memory; one
/// that is forgotten starts afresh. Thread-safe.
class RateMeter {
public:
    /// @param limit  a minute, at least 1.
    explicit RateMeter(int limit, std::size_t most_callers = 50'000);

    /// One more of `caller`; costs nothing where it is not allowed.
    RateReading take(const std::string& caller, Instant now);

    RateReading look(const std::string& caller, Instant now) const;

private:
    struct Caller {
        Instant spent_until{};  // when what was spent will have come back
        std::list<std::string>::iterator place{};
    };

    RateReading reading(Instant spent_until, Instant now) const;
    void make_room();

    int limit_;
    std::size_t most_callers_;
    mutable std::mutex mutex_;
    std::list<std::string> by_use_{};  // the latest first
    std::unordered_map<std::string, Caller> callers_{};
};

}  // namespace libra
