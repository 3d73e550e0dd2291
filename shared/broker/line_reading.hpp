#pragma once

#include <cstdint>

namespace libra {

/// How a connection to the broker that is always made again is at a moment.
struct LineReading {
    bool connected{};
    std::uint64_t reconnects{};  // how often it was made again
};

/// `connections`: how many there have been.
inline LineReading line_reading(bool connected, std::uint64_t connections)
{
    return {.connected = connected, .reconnects = connections == 0 ? 0 : connections - 1};
}

}  // namespace libra
