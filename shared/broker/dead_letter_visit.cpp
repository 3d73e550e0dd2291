#include "shared/broker/dead_letter_visit.hpp"

#include "shared/broker/amqp_calls.hpp"

#include <fmt/format.h>

namespace libra {

namespace {

// The first answer may overtake deliveries that the broker's channel has not sent yet, the second
// one comes behind them.
constexpr int k_answers_to_be_sure = 2;

constexpr std::chrono::seconds k_last_answer_within{3};

}  // namespace

DeadLetterVisit::DeadLetterVisit(
    AmqpConnection& connection,
    const std::string& queue,
    const DeadLetterQueue::Keeps& keeps,
    Clock& clock,
    VisitPolicy policy
)
    : connection_{connection},
      queue_{queue},
      keeps_{keeps},
      clock_{clock},
      policy_{policy},
      deadline_{clock.now() + policy.longest}
{
}

Result<bool> DeadLetterVisit::run(const std::stop_token& stop)
{
    // All kept messages are with us at the same time, hence the prefetch.
    Result<void> alive = start_consuming(connection_, queue_, policy_.most_messages);
    const WakeSignal wake;
    const std::stop_callback wake_on_stop{stop, [&wake] { wake.signal(); }};
    while (alive) {
        alive = drain(stop);
        if (!alive) {
            break;
        }
        if (empty_answers_ >= k_answers_to_be_sure) {
            return alone_;
        }
        if (over(stop)) {
            ending_since_ = ending_since_.value_or(clock_.now());
            if (!unconfirmed_ || clock_.now() >= *ending_since_ + k_last_answer_within) {
                return false;
            }
        }
        const bool in_a_hurry = ending_since_ && !asked_;
        const bool quiet = in_a_hurry || !connection_.wait(wake, policy_.quiet);
        if (quiet && !asked_) {
            alive = ask();
        }
    }
    return alive.error();
}

Result<void> DeadLetterVisit::drain(const std::stop_token& stop)
{
    while (true) {
        const auto event = connection_.next_event();
        if (!event) {
            return event.error();
        }
        if (!*event) {
            return {};
        }
        if (auto taken = take(**event, stop); !taken) {
            return taken;
        }
    }
}

Result<void> DeadLetterVisit::take(const AmqpEvent& event, const std::stop_token& stop)
{
    if (const auto* delivered = std::get_if<Delivered>(&event)) {
        empty_answers_ = 0;
        return over(stop) ? Result<void>{} : show(*delivered);
    }
    if (const auto* answered = std::get_if<Answered>(&event)) {
        asked_ = false;
        unconfirmed_ = unconfirmed_ && !covered_;
        alone_ = alone_ && answered->consumers == 1;
        empty_answers_ = answered->messages == 0 ? empty_answers_ + 1 : 0;
        return {};
    }
    if (std::holds_alternative<ConsumerCancelled>(event)) {
        return Error{Errc::unavailable, fmt::format("the broker ended the consumer of {}", queue_)};
    }
    if (const auto* closed = std::get_if<Closed>(&event)) {
        return Error{
            Errc::unavailable,
            fmt::format("the broker closed the connection: {} {}", closed->code, closed->reason)};
    }
    return {};
}

Result<void> DeadLetterVisit::show(const Delivered& delivered)
{
    ++seen_;
    const Result<bool> kept = keeps_({.headers = delivered.headers, .body = delivered.body});
    if (!kept) {
        return kept.error();
    }
    if (*kept) {
        return {};
    }
    unconfirmed_ = true;
    covered_ = false;
    return send_ack(connection_, delivered.tag);
}

Result<void> DeadLetterVisit::ask()
{
    asked_ = true;
    covered_ = true;
    return send_queue_check(connection_, queue_);
}

bool DeadLetterVisit::over(const std::stop_token& stop) const
{
    return stop.stop_requested() || seen_ >= policy_.most_messages || clock_.now() >= deadline_;
}

}  // namespace libra
