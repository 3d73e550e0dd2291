#pragma once

#include "shared/base/backoff.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/broker/amqp_dialer.hpp"
#include "shared/broker/line_reading.hpp"
#include "shared/broker/publish_session.hpp"
#include "shared/broker/publisher.hpp"
#include "shared/broker/wake_signal.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

/// @file The publisher over rabbitmq-c, with a thread of its own for the connection.

namespace libra {

struct PublisherPolicy {
    PublishTimes times{};
    std::chrono::milliseconds fresh_for{1500};  // healthy only if heard from within this
    BackoffPolicy reconnect{.base = std::chrono::milliseconds{100}, .cap = std::chrono::seconds{1}};
};

/// Connects in the background and stays connected; never fails because the broker is away.
class AmqpPublisher final : public Publisher {
public:
    /// The references must outlive it.
    AmqpPublisher(
        AmqpEndpoint endpoint,
        BrokerTopology topology,
        Clock& clock,
        Random& random,
        const Log& log,
        PublisherPolicy policy = {}
    );

    /// Blocks while the connection says goodbye, or while an attempt to connect ends: for a few
    /// step timeouts at most.
    ~AmqpPublisher() override;

    AmqpPublisher(const AmqpPublisher&) = delete;
    AmqpPublisher& operator=(const AmqpPublisher&) = delete;

    /// Returns at once when there is no connection or the broker has blocked publishers. Otherwise
    /// within `confirm_within`; only a single message larger than the socket's buffer, to a broker
    /// that stops reading in its middle, can add one and a half `step_timeout`.
    std::vector<Result<void>> publish(std::span<const OutgoingMessage> messages) override;

    bool healthy() const override;

    std::optional<QueueReading> queue() const override;

    /// Any thread; never blocks.
    LineReading line() const { return line_reading(healthy(), dialer_.connections()); }

private:
    struct Job;

    void run(const std::stop_token& stop);
    Error serve(PublishSession& session, const std::stop_token& stop);
    Job* next_job();
    void finish(Job& job, const Result<void>& alive);
    void refuse_all(const std::string& why);

    std::string queue_;
    Clock& clock_;
    PublisherPolicy policy_;
    AmqpDialer dialer_;
    WakeSignal wake_;
    LineState line_;
    std::atomic<bool> open_{false};  // jobs are taken
    std::mutex mutex_;
    std::condition_variable finished_;
    std::deque<Job*> jobs_;  // their callers wait for them
    std::string refusal_{"not connected to the broker yet"};
    std::jthread thread_;
};

}  // namespace libra
