#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/broker/amqp_connection.hpp"
#include "shared/broker/confirm_tracker.hpp"
#include "shared/broker/publisher.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// @file What the publisher knows and does during the life of one connection.

namespace libra {

struct PublishTimes {
    std::chrono::milliseconds confirm_within{5000};  // for one batch, from the call of `publish`
    std::chrono::milliseconds check_every{500};      // asks whether the queue is there
    std::chrono::milliseconds check_within{3000};    // no answer for this long: connection is dead
};

/// What other threads may ask about the connection at any time.
struct LineState {
    std::atomic<bool> blocked{false};       // the broker has asked publishers to wait
    std::atomic<Instant> heard{};           // when it last showed that it is alive
    std::atomic<std::int64_t> ready{};      // messages in the queue, as it last said
    std::atomic<std::int64_t> consumers{};  // of the queue, as it last said
    std::atomic<Instant> counted{};         // when that was; never, before the first time
};

/// One thread. Calls that return a Result return `unavailable` when the connection is lost.
class PublishSession {
public:
    /// `connection` has its topology declared. `queue` is the one whose existence is checked.
    /// `state` is kept up to date, and must outlive the session.
    PublishSession(
        AmqpConnection connection,
        std::string queue,
        Clock& clock,
        PublishTimes times,
        LineState& state
    );

    /// Turns confirms on.
    Result<void> start();

    /// Takes what has arrived, sends a due heartbeat, asks for the queue when it is time to.
    Result<void> turn();

    /// Waits for the broker, for `wake`, or for the next time that `turn` has to be called.
    void wait(const WakeSignal& wake, std::chrono::milliseconds limit);

    /// Publishes `messages` and waits for their confirms until `deadline`; their answers are then
    /// in `answers`, even if this fails.
    Result<void> carry(
        std::span<const OutgoingMessage> messages,
        Instant deadline,
        const WakeSignal& wake,
        std::vector<Result<void>>& answers
    );

    /// Best effort; blocks for one step timeout at most.
    void close();

private:
    Result<void> send_all(std::span<const OutgoingMessage> messages, Instant deadline);
    Result<void> take(const AmqpEvent& event);
    Result<void> check_silence();

    AmqpConnection connection_;
    std::string queue_;
    Clock& clock_;
    PublishTimes times_;
    ConfirmTracker tracker_;
    LineState& state_;
    bool asked_{false};
    Instant asked_at_{};
};

}  // namespace libra
