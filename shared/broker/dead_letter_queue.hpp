#pragma once

#include "shared/base/result.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>

/// @file The broker's dead letter queue, looked through without being emptied.

namespace libra {

struct DeadMessage {
    std::map<std::string, std::string> headers{};  // those that are strings
    std::string body{};
};

/// One thread. Each call makes a connection of its own, and returns `unavailable` when the broker
/// is away or lost on the way, `rejected` when there is no such queue.
class DeadLetterQueue {
public:
    virtual ~DeadLetterQueue() = default;

    /// How many messages are in it, those aside that somebody is just looking at.
    virtual Result<std::int64_t> depth() = 0;

    /// @return whether the message stays in the queue. What leaves it has to be safe elsewhere.
    using Keeps = std::function<Result<bool>(const DeadMessage&)>;

    /// Shows every message that is in the queue now to `keeps`, oldest first. One that it keeps
    /// stays in the queue; any other leaves it, once and for all, unless the broker is lost before
    /// it hears of that. An error of `keeps` ends the visit and is returned; messages not decided
    /// upon stay. Takes a limited number of messages, and half a minute at most.
    /// @return whether all of the queue was seen: not when a limit was reached, `stop` was
    /// requested, or somebody else was consuming as well.
    virtual Result<bool> visit(const Keeps& keeps, const std::stop_token& stop) = 0;
};

}  // namespace libra
