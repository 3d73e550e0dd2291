#pragma once

#include "shared/base/clock.hpp"

#include <chrono>

namespace libra::testing {

/// Waits until `condition()` holds, for what happens in another process. Generous, because only a
/// failing test waits to the end.
template <class Condition>
bool eventually(
    const Condition& condition,
    std::chrono::milliseconds limit = std::chrono::seconds{30}
)
{
    SystemClock clock;
    const Instant deadline = clock.now() + limit;
    while (!condition()) {
        if (clock.now() >= deadline) {
            return false;
        }
        clock.wait_for(std::chrono::milliseconds{5}, {});
    }
    return true;
}

}  // namespace libra::testing
