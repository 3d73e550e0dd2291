#pragma once

#include "shared/broker/amqp_connection.hpp"
#include "shared/broker/amqp_topology.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// @file Exchanges and queues of its own for one test case, on the broker of the tests.
///
/// Link `libra_test_broker`.

namespace libra::testing {

/// The broker is the one that LIBRA_TEST_RABBITMQ_URL names; without it every test fails rather
/// than be skipped. Methods throw when the broker refuses. One thread.
class BrokerCorner {
public:
    /// Only makes up names; what is declared under them is deleted with the object. The exchange of
    /// events keeps the name that the database knows, and stays.
    BrokerCorner();
    ~BrokerCorner();
    BrokerCorner(const BrokerCorner&) = delete;
    BrokerCorner& operator=(const BrokerCorner&) = delete;

    const AmqpEndpoint& endpoint() const { return endpoint_; }

    /// The same broker behind another port of the local host.
    AmqpEndpoint endpoint_at(std::uint16_t port) const;

    BrokerTopology& topology() { return topology_; }

    void declare() { declare(topology_); }

    void declare(const BrokerTopology& topology);

    /// Puts a message on the queue by hand, without confirm.
    void put(const std::string& body);

    /// Puts a message on the dead letter queue by hand, without confirm.
    void put_dead(const std::string& body, const std::map<std::string, std::string>& headers = {});

    /// Takes one message off `queue` for good. @return its body, or nothing if there is none.
    std::optional<std::string> take(const std::string& queue);

    std::optional<std::string> take() { return take(topology_.queue); }

    /// How many messages of `queue` are with nobody.
    std::uint32_t waiting(const std::string& queue);

    std::uint32_t waiting() { return waiting(topology_.queue); }

    /// How many consumers the broker counts at the queue.
    std::uint32_t consumers();

    void delete_queue();

    /// Deletes the queue and declares it again before the broker has told its consumers.
    void replace_queue();

private:
    AmqpConnection& line();

    AmqpEndpoint endpoint_;
    BrokerTopology topology_;
    std::optional<AmqpConnection> line_;
};

}  // namespace libra::testing
