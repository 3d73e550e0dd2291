#pragma once

#include "shared/base/result.hpp"
#include "shared/broker/amqp_connection.hpp"

#include <cstdint>
#include <string>

/// @file The exchanges and queues the services need. Source: DESIGN, the table of the broker's
/// objects.

namespace libra {

struct BrokerTopology {
    std::string exchange{"deployment"};
    std::string queue{"deployment-queue"};  // also its routing key
    std::string dead_letter_exchange{"deployment.dlx"};
    std::string dead_letter_queue{"deployment-dlq"};  // also its routing key
    std::string event_exchange{"deployment.events"};
    std::int64_t max_length{100'000};  // messages waiting in `queue`; more are refused; 0: no limit
    std::int64_t delivery_limit{20};   // of one message; a backstop for crash loops
};

/// Makes what is not there yet; repeating it changes nothing. Every connection does this first.
/// @return `rejected`, naming the object, if one exists with other settings: settings of a queue
///         cannot be changed, so somebody must delete it or configure the same; `unavailable`.
Result<void> declare_topology(AmqpConnection& connection, const BrokerTopology& topology);

}  // namespace libra
