#include "shared/relay/relay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

namespace libra {

namespace {

OutgoingMessage message_of(const OutboxRow& row)
{
    return {
        .exchange = row.exchange,
        .routing_key = row.routing_key,
        .message_id = std::to_string(row.id),
        .headers = row.headers,
        .body = row.payload,
        .content_type = row.event ? "application/cloudevents+json" : "application/json",
        .mandatory = !row.event};
}

}  // namespace

Relay::Relay(
    OutboxStore& outbox,
    Publisher& publisher,
    Clock& clock,
    Random& random,
    Log log,
    RelayPolicy policy
)
    : outbox_{outbox},
      publisher_{publisher},
      clock_{clock},
      log_{std::move(log)},
      policy_{policy},
      token_{new_id(random)},
      trouble_pauses_{policy.trouble, random}
{
}

void Relay::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        if (!publisher_.healthy()) {
            wait_for_broker(stop);
            continue;
        }
        const auto carried = carry_once();
        if (!carried) {
            recover(carried.error(), stop);
            continue;
        }
        trouble_pauses_.reset();
        troubles_ = 0;
        if (*carried == 0) {
            rest(stop);
        } else if (!full_) {
            clock_.wait_for(policy_.gather, stop);
        }
    }
}

Result<int> Relay::carry_once()
{
    const auto rows = outbox_.claim(token_, policy_.batch, policy_.hold);
    if (!rows) {
        return rows.error();
    }
    full_ = std::cmp_greater_equal(rows->size(), policy_.batch);
    if (rows->empty()) {
        return 0;
    }
    const Outcome outcome = publish(*rows);
    if (const auto recorded = record(outcome); !recorded) {
        return recorded.error();
    }
    count(outcome);
    if (outcome.confirmed.empty() && outcome.refused.empty()) {
        return Error{Errc::unavailable, outcome.reason};
    }
    return static_cast<int>(outcome.confirmed.size());
}

Relay::Outcome Relay::publish(const std::vector<OutboxRow>& rows)
{
    std::vector<OutgoingMessage> messages;
    messages.reserve(rows.size());
    std::transform(rows.begin(), rows.end(), std::back_inserter(messages), message_of);
    const std::vector<Result<void>> answers = publisher_.publish(messages);

    Outcome outcome;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Result<void>& answer = answers.at(i);
        if (answer) {
            outcome.confirmed.push_back(rows[i].id);
            continue;
        }
        const bool refused = answer.error().code == Errc::rejected;
        (refused ? outcome.refused : outcome.unanswered).push_back(rows[i].id);
        outcome.reason = answer.error().detail;
    }
    return outcome;
}

Result<void> Relay::record(const Outcome& outcome)
{
    if (!outcome.confirmed.empty()) {
        if (auto removed = outbox_.remove(token_, outcome.confirmed); !removed) {
            return removed;
        }
    }
    if (!outcome.refused.empty()) {
        log_.warning(
            "the broker refused messages, trying again later",
            {{"messages", std::to_string(outcome.refused.size())}, {"reason", outcome.reason}}
        );
        if (auto given = outbox_.release(token_, outcome.refused, policy_.refused); !given) {
            return given;
        }
    }
    return outcome.unanswered.empty()
               ? Result<void>{}
               : outbox_.release(token_, outcome.unanswered, policy_.unanswered);
}

void Relay::count(const Outcome& outcome)
{
    confirmed_ += outcome.confirmed.size();
    refused_ += outcome.refused.size();
    unanswered_ += outcome.unanswered.size();
}

void Relay::wake()
{
    const std::scoped_lock lock{mutex_};
    woken_ = true;
    interrupt_.request_stop();
}

RelayCounts Relay::counts() const
{
    return {.confirmed = confirmed_, .refused = refused_, .unanswered = unanswered_};
}

// Not ended by `wake`: new rows do not bring the broker back.
void Relay::wait_for_broker(const std::stop_token& stop)
{
    clock_.wait_for(policy_.broker_away, stop);
}

void Relay::recover(const Error& trouble, const std::stop_token& stop)
{
    ++troubles_;
    if (std::has_single_bit(troubles_)) {
        log_.warning(
            "could not carry messages to the broker, trying again",
            {{"reason", trouble.detail}, {"attempts", std::to_string(troubles_)}}
        );
    }
    clock_.wait_for(trouble_pauses_.next(), stop);
}

void Relay::rest(const std::stop_token& stop)
{
    std::chrono::milliseconds limit = policy_.idle;
    // An error here shows itself again at the next claim, which deals with it.
    if (const auto due = outbox_.next_due(); due && *due) {
        limit = std::min(limit, **due);
    }
    pause(limit, stop);
}

void Relay::pause(std::chrono::milliseconds limit, const std::stop_token& stop)
{
    std::stop_source interrupt;
    {
        const std::scoped_lock lock{mutex_};
        if (std::exchange(woken_, false)) {
            return;
        }
        interrupt_ = interrupt;
    }
    {
        const std::stop_callback pass_on{stop, [&] { interrupt.request_stop(); }};
        clock_.wait_for(limit, interrupt.get_token());
    }
    const std::scoped_lock lock{mutex_};
    interrupt_ = std::stop_source{std::nostopstate};
    woken_ = false;
}

}  // namespace libra
