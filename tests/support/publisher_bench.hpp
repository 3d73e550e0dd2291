#pragma once

#include "shared/broker/amqp_publisher.hpp"
#include "tests/support/broker_corner.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/recording_log.hpp"

#include <stdexcept>

namespace libra::testing {

/// A publisher with what it needs.
class PublisherBench {
public:
    PublisherBench(
        AmqpEndpoint endpoint,
        const BrokerTopology& topology,
        PublisherPolicy policy = {}
    )
        : topology_{topology},
          publisher_{std::move(endpoint), topology, clock_, random_, log_.log(), policy}
    {
    }

    void wait_until_healthy()
    {
        if (!eventually([this] { return publisher_.healthy(); })) {
            throw std::runtime_error{"the publisher does not become healthy"};
        }
    }

    /// A message that the topology takes to its queue.
    OutgoingMessage message(const std::string& id, std::string body = "{}") const
    {
        return {
            .exchange = topology_.exchange,
            .routing_key = topology_.queue,
            .message_id = id,
            .headers = {{"origin", "test"}},
            .body = std::move(body)};
    }

    Result<void> publish(const OutgoingMessage& message)
    {
        return publisher_.publish(std::span{&message, 1}).front();
    }

    AmqpPublisher& publisher() { return publisher_; }

    RecordingLog& log() { return log_; }

private:
    SystemClock clock_;
    SystemRandom random_;
    RecordingLog log_;
    BrokerTopology topology_;
    AmqpPublisher publisher_;
};

}  // namespace libra::testing
