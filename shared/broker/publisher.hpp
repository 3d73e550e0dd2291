#pragma once

#include "shared/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// @file Messages on their way to the broker.

namespace libra {

struct OutgoingMessage {
    std::string exchange{};
    std::string routing_key{};
    std::string message_id{};                      // the same for every send of the same message
    std::map<std::string, std::string> headers{};  // string headers of the message
    std::string body{};
    std::string content_type{"application/json"};
    bool mandatory{true};  // else a message that no queue takes counts as delivered
};

struct QueueReading {
    std::int64_t ready{};  // messages that wait in it
    std::int64_t consumers{};
};

/// Any thread may call it; calls are carried out one after the other.
class Publisher {
public:
    virtual ~Publisher() = default;

    /// Sends persistent messages and waits for the broker's confirms, for all of them together at
    /// most the configured time.
    ///
    /// The answers are in the order of `messages`: success means routed to a queue, if that is
    /// mandatory, and confirmed;
    /// `rejected` that no queue takes this message or that the queue is full; `unavailable` that
    /// there is no connection, that the broker has blocked publishers, or that the confirm did not
    /// come in time, in which case the message may have arrived all the same.
    virtual std::vector<Result<void>> publish(std::span<const OutgoingMessage> messages) = 0;

    /// Whether the broker was reachable and accepted publishing a moment ago. Never blocks.
    virtual bool healthy() const = 0;

    /// How the work queue was a moment ago; nothing when the broker has not said so lately. Never
    /// blocks.
    virtual std::optional<QueueReading> queue() const = 0;
};

}  // namespace libra
