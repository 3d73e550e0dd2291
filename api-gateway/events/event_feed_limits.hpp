#pragma once

#include <chrono>
#include <cstddef>

/// @file What an operator may change about streams of events, and what only tests do.

namespace libra {

struct EventFeedLimits {
    std::size_t streams{1000};
    std::size_t streams_per_user{100};
    int page{200};                                 // events read at once
    std::chrono::milliseconds quiet{15'000};       // a comment after each
    std::chrono::milliseconds poll{5'000};         // looks by itself, should word be lost
    std::chrono::milliseconds retry{500};          // after the database did not answer
    std::chrono::milliseconds longest{3'600'000};  // then the client's rights are looked at anew
};

}  // namespace libra
