#pragma once

#include "shared/base/backoff.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/broker/amqp_dialer.hpp"
#include "shared/broker/amqp_subscription.hpp"
#include "shared/broker/consumer.hpp"
#include "shared/broker/line_reading.hpp"
#include "shared/broker/settlements.hpp"

#include <atomic>
#include <memory>
#include <optional>

/// @file The consumer over rabbitmq-c.

namespace libra {

struct ConsumerPolicy {
    BackoffPolicy reconnect{.base = std::chrono::milliseconds{100}, .cap = std::chrono::seconds{2}};
    // Before a message goes back to the queue that is the second, third, … to go back in a row.
    BackoffPolicy give_back{
        .base = std::chrono::milliseconds{500},
        .cap = std::chrono::seconds{30}};
    std::chrono::milliseconds idle{15'000};  // see AmqpSubscription
};

class AmqpConsumer final : public Consumer {
public:
    /// Consumes `queue`, which `topology` declares. The references must outlive it.
    AmqpConsumer(
        AmqpEndpoint endpoint,
        BrokerTopology topology,
        std::string queue,
        Clock& clock,
        Random& random,
        const Log& log,
        ConsumerPolicy policy = {}
    );

    void run(const std::function<void(Delivery)>& accept, std::stop_token stop) override;

    bool healthy() const override { return healthy_; }

    /// Any thread; never blocks.
    LineReading line() const { return line_reading(healthy(), dialer_.connections()); }

private:
    /// The delivery that somebody has not settled, or whose giving back is put off.
    struct Held {
        std::uint64_t connection{};
        std::uint64_t tag{};
        std::optional<Instant> give_back_at{};
    };

    using Accept = std::function<void(Delivery)>;

    Error serve(AmqpConnection& connection, const Accept& accept, const std::stop_token& stop);
    Result<void> turn(AmqpConnection& connection, const Accept& accept, bool stopping);
    Result<void> steer(AmqpConnection& connection, bool stopping);
    Result<void> settle(AmqpConnection& connection, bool stopping);
    Result<void> settle_held(AmqpConnection& connection, Delivery::Verdict verdict);
    Result<void> drain(AmqpConnection& connection, const Accept& accept);
    Result<void> take(AmqpConnection& connection, AmqpEvent event, const Accept& accept);
    Result<void> deliver(AmqpConnection& connection, Delivered message, const Accept& accept);
    Result<void> check_silence(const AmqpConnection& connection);
    void wait(AmqpConnection& connection);
    void wait_for_held();

    std::string queue_;
    Clock& clock_;
    AmqpDialer dialer_;
    Backoff give_back_pauses_;
    bool gave_back_last_{false};
    std::shared_ptr<Settlements> settlements_;  // shared with deliveries, which may outlive us
    std::uint64_t connections_{0};
    std::optional<Held> held_{};
    AmqpSubscription subscription_;
    bool done_{false};
    Instant heard_{};
    std::atomic<bool> healthy_{false};
};

}  // namespace libra
