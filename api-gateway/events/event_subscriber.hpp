#pragma once

#include "api-gateway/events/event_feed.hpp"

#include <functional>
#include <tuple>

/// @file What EventFeed keeps of those who watch. Only for its own source.

namespace libra {

struct EventFeed::Subscriber {
    Reader reader{};
    std::string deployment_id{};
    std::int64_t place{};  // of the last event in `ready`, or before it
    Instant since{};
    std::string ready{};  // not taken yet
    bool behind{true};    // there may be more in the database
    bool over{false};
    std::function<void()> wake{};

    void rouse() const
    {
        if (wake) {
            wake();
        }
    }
};

/// What streams at the same place ask together.
struct EventFeed::Question {
    std::string deployment_id{};
    std::int64_t after{};
    std::string user_id{};
    bool everywhere{};

    bool operator<(const Question& other) const
    {
        return std::tie(deployment_id, after, user_id, everywhere) <
               std::tie(other.deployment_id, other.after, other.user_id, other.everywhere);
    }
};

}  // namespace libra
