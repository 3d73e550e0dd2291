#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <utility>

/// @file How many connections are open, in all and from one address.

namespace libra {

enum class Seat {
    full,      // no room even to say so: drop the connection
    standing,  // room only to be told that there is none
    regular,
};

class ConnectionSlots;

/// One connection's place; gives it back when destroyed.
class ConnectionSlot {
public:
    ConnectionSlot() = default;
    ConnectionSlot(ConnectionSlots& owner, Seat seat, std::string address);
    ~ConnectionSlot();
    ConnectionSlot(ConnectionSlot&& other) noexcept;
    ConnectionSlot& operator=(ConnectionSlot&&) = delete;
    ConnectionSlot(const ConnectionSlot&) = delete;
    ConnectionSlot& operator=(const ConnectionSlot&) = delete;

    Seat seat() const { return seat_; }

private:
    ConnectionSlots* owner_{nullptr};
    Seat seat_{Seat::full};
    std::string address_;  // empty when its address is not counted
};

/// Thread-safe. Must outlive its slots.
class ConnectionSlots {
public:
    ConnectionSlots(std::size_t connections, std::size_t per_address);

    /// @param counted  whether the limit per address applies.
    ConnectionSlot take(const std::string& address, bool counted);

    /// Blocks until no slot is taken, `limit` at most. @return whether none is.
    bool wait_until_empty(std::chrono::milliseconds limit);

private:
    friend class ConnectionSlot;
    void give_back(Seat seat, const std::string& address);

    const std::size_t most_;
    const std::size_t most_per_address_;
    std::mutex mutex_;
    std::condition_variable emptied_;
    std::size_t regular_{0};
    std::size_t standing_{0};
    std::map<std::string, std::size_t> by_address_;
};

}  // namespace libra
