#include "shared/broker/publish_session.hpp"

#include "shared/broker/amqp_calls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace libra {

namespace {

constexpr std::uint16_t k_not_found = 404;

std::chrono::milliseconds until(Instant deadline, Instant now)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now);
    return std::max(left, std::chrono::milliseconds{0});
}

}  // namespace

PublishSession::PublishSession(
    AmqpConnection connection,
    std::string queue,
    Clock& clock,
    PublishTimes times,
    LineState& state
)
    : connection_{std::move(connection)},
      queue_{std::move(queue)},
      clock_{clock},
      times_{times},
      state_{state},
      asked_at_{clock.now()}
{
    state_.blocked = false;
    state_.heard = clock.now();
}

Result<void> PublishSession::start()
{
    return start_confirms(connection_);
}

Result<void> PublishSession::turn()
{
    while (true) {
        const auto event = connection_.next_event();
        if (!event) {
            return event.error();
        }
        if (!*event) {
            break;
        }
        state_.heard = clock_.now();
        if (auto taken = take(**event); !taken) {
            return taken;
        }
    }
    return check_silence();
}

void PublishSession::wait(const WakeSignal& wake, std::chrono::milliseconds limit)
{
    std::chrono::milliseconds pause = std::min(limit, times_.check_every);
    if (connection_.heartbeat().count() > 0) {
        pause = std::min(pause, std::chrono::milliseconds{connection_.heartbeat()} / 4);
    }
    if (connection_.wait(wake, pause)) {
        state_.heard = clock_.now();
    }
}

Result<void> PublishSession::carry(
    std::span<const OutgoingMessage> messages,
    Instant deadline,
    const WakeSignal& wake,
    std::vector<Result<void>>& answers
)
{
    tracker_.begin(messages);
    Result<void> alive = send_all(messages, deadline);
    while (alive && !tracker_.settled() && clock_.now() < deadline) {
        wait(wake, until(deadline, clock_.now()));
        alive = turn();
    }
    if (alive && state_.blocked) {
        answers = tracker_.finish({Errc::unavailable, "the broker has blocked publishers"});
        return alive;
    }
    if (alive && !tracker_.settled()) {
        alive = Error{
            Errc::unavailable,
            fmt::format("no confirm within {} ms", times_.confirm_within.count())};
    }
    answers = tracker_.finish(
        alive ? Error{Errc::unavailable, "no time was left to send it"} : alive.error()
    );
    return alive;
}

Result<void> PublishSession::send_all(std::span<const OutgoingMessage> messages, Instant deadline)
{
    for (const OutgoingMessage& message : messages) {
        const Instant now = clock_.now();
        // A send to a peer that does not read would block in the library; better not to begin it.
        if (state_.blocked || now >= deadline || !connection_.writable(until(deadline, now))) {
            break;
        }
        tracker_.sent();
        if (auto sent = send_message(connection_, message); !sent) {
            return sent;
        }
        if (auto turned = turn(); !turned) {
            return turned;
        }
    }
    return {};
}

Result<void> PublishSession::take(const AmqpEvent& event)
{
    if (const auto* confirmed = std::get_if<Confirmed>(&event)) {
        tracker_.take(*confirmed);
    } else if (const auto* returned = std::get_if<Returned>(&event)) {
        tracker_.take(*returned);
    } else if (const auto* answered = std::get_if<Answered>(&event)) {
        asked_ = false;
        state_.ready = answered->messages;
        state_.consumers = answered->consumers;
        state_.counted = clock_.now();
    } else if (std::holds_alternative<Blocked>(event)) {
        state_.blocked = true;
    } else if (std::holds_alternative<Unblocked>(event)) {
        state_.blocked = false;
        asked_at_ = clock_.now();
    } else if (const auto* closed = std::get_if<Closed>(&event)) {
        if (closed->code == k_not_found) {
            tracker_.take_missing_exchange(closed->reason);
        }
        return Error{
            Errc::unavailable,
            fmt::format("the broker closed the connection: {} {}", closed->code, closed->reason)};
    }
    return {};
}

// Heartbeats tell of a dead peer only after twice their interval; the question for the queue tells
// sooner. A broker that has blocked us does not read, so it is not asked.
Result<void> PublishSession::check_silence()
{
    const Instant now = clock_.now();
    const std::chrono::seconds heartbeat = connection_.heartbeat();
    if (heartbeat.count() > 0 && now - state_.heard.load() > 2 * heartbeat) {
        return Error{Errc::unavailable, "no heartbeat from the broker"};
    }
    if (state_.blocked) {
        return {};
    }
    if (asked_ && now - asked_at_ > times_.check_within) {
        return Error{Errc::unavailable, "the broker does not answer"};
    }
    if (!asked_ && now - asked_at_ >= times_.check_every) {
        asked_ = true;
        asked_at_ = now;
        return send_queue_check(connection_, queue_);
    }
    return {};
}

void PublishSession::close()
{
    // The process is on its way out; a broker that does not say goodbye changes nothing.
    static_cast<void>(connection_.close());
}

}  // namespace libra
