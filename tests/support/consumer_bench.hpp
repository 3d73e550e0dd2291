#pragma once

#include "shared/broker/amqp_consumer.hpp"
#include "tests/support/broker_corner.hpp"
#include "tests/support/recording_log.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace libra::testing {

/// Runs a consumer of the corner's queue, or of another one, and keeps its deliveries until the
/// test takes them.
class ConsumerBench {
public:
    ConsumerBench(
        AmqpEndpoint endpoint,
        const BrokerTopology& topology,
        const ConsumerPolicy& policy = {}
    )
        : ConsumerBench{std::move(endpoint), topology, topology.queue, policy}
    {
    }

    ConsumerBench(
        AmqpEndpoint endpoint,
        const BrokerTopology& topology,
        const std::string& queue,
        const ConsumerPolicy& policy = {}
    )
        : consumer_{std::move(endpoint), topology, queue, clock_, random_, log_.log(), policy},
          thread_{[this](const std::stop_token& stop) {
              consumer_.run([this](Delivery delivery) { keep(std::move(delivery)); }, stop);
          }}
    {
    }

    /// Gives back what the test has not taken.
    ~ConsumerBench()
    {
        {
            const std::scoped_lock lock{mutex_};
            closing_ = true;
            deliveries_.clear();
        }
        thread_.request_stop();
    }

    ConsumerBench(const ConsumerBench&) = delete;
    ConsumerBench& operator=(const ConsumerBench&) = delete;

    /// The next delivery; blocks until there is one.
    Delivery next()
    {
        std::unique_lock lock{mutex_};
        arrived_.wait(lock, [this] { return !deliveries_.empty(); });
        Delivery delivery = std::move(deliveries_.front());
        deliveries_.pop_front();
        return delivery;
    }

    bool has_one() const
    {
        const std::scoped_lock lock{mutex_};
        return !deliveries_.empty();
    }

    void request_stop() { thread_.request_stop(); }

    void join() { thread_.join(); }

    const AmqpConsumer& consumer() const { return consumer_; }

private:
    void keep(Delivery delivery)
    {
        const std::scoped_lock lock{mutex_};
        if (!closing_) {
            deliveries_.push_back(std::move(delivery));
            arrived_.notify_all();
        }
    }

    SystemClock clock_;
    SystemRandom random_;
    RecordingLog log_;
    AmqpConsumer consumer_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Delivery> deliveries_;
    bool closing_{false};
    std::jthread thread_;
};

}  // namespace libra::testing
