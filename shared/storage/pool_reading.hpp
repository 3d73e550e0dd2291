#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

namespace libra {

/// How a pool of database connections is at a moment.
struct PoolReading {
    int size{};             // how many there may be
    int in_use{};           //
    int idle{};             //
    int opening{};          // and closing
    std::size_t waiting{};  // calls that wait for one
};

/// Told how long each call waited for its connection, or in vain. Returns at once.
using PoolWaits = std::function<void(std::chrono::nanoseconds)>;

}  // namespace libra
