#pragma once

#include "shared/base/backoff.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/broker/amqp_connection.hpp"
#include "shared/broker/amqp_topology.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

/// @file Gets a usable connection, however long that takes.

namespace libra {

/// One thread, but for `connections`. The references must outlive it.
class AmqpDialer {
public:
    AmqpDialer(
        AmqpEndpoint endpoint,
        BrokerTopology topology,
        Clock& clock,
        Random& random,
        Log log,
        BackoffPolicy pauses
    );

    /// Connects and declares the topology, trying again with growing pauses until it succeeds or
    /// `stop` is requested, when it returns nothing. Logs the first failure and then ever fewer.
    std::optional<AmqpConnection> dial(const std::stop_token& stop);

    /// Tells that the connection was lost, and why. One that did not live long counts as a failed
    /// try, so that a broker which drops us at once is not dialled in a tight loop.
    void lost(const Error& why);

    /// How many there have been. Any thread.
    std::uint64_t connections() const { return connections_; }

private:
    Result<AmqpConnection> try_once();
    void report(const Error& why);

    AmqpEndpoint endpoint_;
    BrokerTopology topology_;
    Clock& clock_;
    Log log_;
    Backoff pauses_;
    bool pause_first_{false};
    unsigned failures_{0};
    Instant connected_at_{};
    std::atomic<std::uint64_t> connections_{0};
};

}  // namespace libra
