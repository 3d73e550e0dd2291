#pragma once

#include "shared/base/result.hpp"
#include "shared/broker/amqp_endpoint.hpp"
#include "shared/broker/amqp_event.hpp"
#include "shared/broker/amqp_frame_reader.hpp"
#include "shared/broker/amqp_watchdog.hpp"
#include "shared/broker/wake_signal.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

/// @file One connection to RabbitMQ, shared by publisher and consumer.

struct amqp_connection_state_t_;  // rabbitmq-c; its headers stay out of ours

namespace libra {

/// Owns one logged-in rabbitmq-c connection with channel 1 open.
///
/// One thread owns it. rabbitmq-c has no thread of its own: heartbeats are sent only by
/// `next_event`, so the owner calls it at least every quarter of `heartbeat()`, and after every
/// other call until it says that there is nothing more, because a call may have read a frame ahead.
///
/// No call blocks longer than one and a half `step_timeout`. After an error the connection is of no
/// more use: destroy it.
class AmqpConnection {
public:
    /// Connects, logs in and opens channel 1. Blocks for the name lookup, and then for each of the
    /// three for `step_timeout` at most.
    /// @return `unavailable` if the broker cannot be reached or does not answer in time, `rejected`
    ///         if it refuses the login or the vhost.
    static Result<AmqpConnection> open(const AmqpEndpoint& endpoint);

    /// Says goodbye to the broker, waiting for its answer. Optional: the destructor only drops the
    /// socket, because a destructor must not wait on a network.
    Result<void> close();

    /// The next thing the broker sent, if it has arrived; never waits for it. Sends a heartbeat
    /// when one is due, and answers the broker's own close.
    /// @return `unavailable` when the connection is lost.
    Result<std::optional<AmqpEvent>> next_event();

    /// Blocks until the broker sends something, `wake` is signalled, or `limit` passes.
    /// @return whether the broker sent something. Clears `wake`.
    bool wait(const WakeSignal& wake, std::chrono::milliseconds limit);

    /// Blocks until the socket takes more bytes, for `limit` at most.
    bool writable(std::chrono::milliseconds limit);

    /// As agreed with the broker; zero when neither side wants heartbeats.
    std::chrono::seconds heartbeat() const;

    /// For the other files of shared/broker only: runs `call(native)` under the watchdog.
    template <class Call>
    auto with_native(const Call& call)
    {
        return watchdog_->watch([&] { return call(handle_.get()); });
    }

private:
    struct Destroy {
        void operator()(amqp_connection_state_t_* connection) const noexcept;
    };

    using Handle = std::unique_ptr<amqp_connection_state_t_, Destroy>;

    explicit AmqpConnection(Handle handle) noexcept : handle_{std::move(handle)} {}

    static Result<AmqpConnection> connect(const AmqpEndpoint& endpoint);
    Result<void> log_in(const AmqpEndpoint& endpoint);
    void answer(const Closed& closed);

    Handle handle_;  // the socket belongs to it and goes with it
    std::unique_ptr<AmqpWatchdog> watchdog_;
    AmqpFrameReader reader_;
};

}  // namespace libra
