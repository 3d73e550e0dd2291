#pragma once

#include "shared/base/result.hpp"
#include "shared/broker/amqp_connection.hpp"
#include "shared/broker/publisher.hpp"

#include <cstdint>
#include <string>

/// @file What publisher and consumer say to the broker, on the one channel of a connection.
///
/// `send_…` returns once the bytes are with the kernel; answers come through `next_event`.
/// `start_…` and `reopen_…` wait for the answer. All return `unavailable` when the connection is
/// lost, `rejected` when the broker refuses; either way the connection is of no more use.

namespace libra {

constexpr std::uint16_t k_channel = 1;

/// Persistent and mandatory. The first message after `start_confirms` is confirmed as tag 1.
Result<void> send_message(AmqpConnection& connection, const OutgoingMessage& message);

/// Gives up the channel, with all that the broker keeps for it, for a new one. Delivery tags begin
/// anew. Only while no delivery can be on its way.
Result<void> reopen_channel(AmqpConnection& connection);

Result<void> start_confirms(AmqpConnection& connection);

/// Asks whether `queue` exists. `Answered` means yes, and says how many messages are ready in it
/// and how many consumers there are; otherwise the broker closes the channel.
Result<void> send_queue_check(AmqpConnection& connection, const std::string& queue);

/// Begins to consume `queue`, with up to `prefetch` unsettled deliveries at a time; 0: any number.
Result<void>
start_consuming(AmqpConnection& connection, const std::string& queue, std::uint16_t prefetch = 1);

/// Asks for no more deliveries. `Answered` by `k_cancel_done`.
Result<void> send_cancel(AmqpConnection& connection);

extern const std::uint32_t k_cancel_done;

Result<void> send_ack(AmqpConnection& connection, std::uint64_t tag);
Result<void> send_requeue(AmqpConnection& connection, std::uint64_t tag);

}  // namespace libra
