#include "shared/broker/amqp_consumer.hpp"

#include "shared/broker/amqp_calls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace libra {

namespace {

constexpr std::chrono::milliseconds k_longest_wait{1000};

AmqpEndpoint named(AmqpEndpoint endpoint, const std::string& queue)
{
    endpoint.connection_name += " consumer of " + queue;
    return endpoint;
}

}  // namespace

AmqpConsumer::AmqpConsumer(
    AmqpEndpoint endpoint,
    BrokerTopology topology,
    std::string queue,
    Clock& clock,
    Random& random,
    const Log& log,
    ConsumerPolicy policy
)
    : queue_{std::move(queue)},
      clock_{clock},
      dialer_{
          named(std::move(endpoint), queue_),
          std::move(topology),
          clock,
          random,
          log.with({{"connection", "consumer"}}),
          policy.reconnect},
      give_back_pauses_{policy.give_back, random},
      settlements_{std::make_shared<Settlements>()},
      subscription_{queue_, policy.idle, clock, random}
{
}

void AmqpConsumer::run(const std::function<void(Delivery)>& accept, std::stop_token stop)
{
    const std::stop_callback wake_on_stop{stop, [this] { settlements_->wake().signal(); }};
    while (auto connection = dialer_.dial(stop)) {
        const Error why = serve(*connection, accept, stop);
        healthy_ = false;
        if (done_) {
            // Everything is settled; a broker that does not say goodbye changes nothing.
            static_cast<void>(connection->close());
            break;
        }
        dialer_.lost(why);
    }
    wait_for_held();
}

Error AmqpConsumer::serve(
    AmqpConnection& connection,
    const Accept& accept,
    const std::stop_token& stop
)
{
    ++connections_;
    subscription_.forget();
    heard_ = clock_.now();
    if (held_ && held_->give_back_at) {
        held_.reset();  // the broker took it back together with the connection
    }
    while (true) {
        const auto alive = turn(connection, accept, stop.stop_requested());
        if (!alive) {
            return alive.error();
        }
        if (done_) {
            return Error{Errc::cancelled, "the consumer is being stopped"};
        }
        wait(connection);
    }
}

// Draining comes last: each of the calls before it may have read a frame that poll will not tell
// about any more.
Result<void> AmqpConsumer::turn(AmqpConnection& connection, const Accept& accept, bool stopping)
{
    Result<void> alive = settle(connection, stopping);
    if (alive) {
        alive = steer(connection, stopping);
    }
    if (alive) {
        alive = drain(connection, accept);
    }
    return alive ? check_silence(connection) : alive;
}

Result<void> AmqpConsumer::steer(AmqpConnection& connection, bool stopping)
{
    healthy_ = !stopping;
    if (!stopping) {
        // Nothing new is taken on while a delivery of a lost connection is still being worked on.
        return subscription_.keep(connection, held_.has_value());
    }
    done_ = subscription_.over() && !held_;
    return subscription_.end(connection);
}

Result<void> AmqpConsumer::settle(AmqpConnection& connection, bool stopping)
{
    for (const Settlement& settlement : settlements_->take()) {
        const bool ours =
            held_ && held_->connection == settlement.connection && held_->tag == settlement.tag;
        if (!ours) {
            continue;
        }
        if (auto settled = settle_held(connection, settlement.verdict); !settled) {
            return settled;
        }
    }
    const bool due =
        held_ && held_->give_back_at && (stopping || clock_.now() >= *held_->give_back_at);
    if (!due) {
        return {};
    }
    const std::uint64_t tag = held_->tag;
    held_.reset();
    return send_requeue(connection, tag);
}

Result<void> AmqpConsumer::settle_held(AmqpConnection& connection, Delivery::Verdict verdict)
{
    const Held held = *held_;
    if (verdict == Delivery::Verdict::requeue && held.connection == connections_) {
        const auto pause = std::exchange(gave_back_last_, true) ? give_back_pauses_.next()
                                                                : std::chrono::milliseconds{0};
        held_->give_back_at = clock_.now() + pause;
        return {};
    }
    held_.reset();
    if (verdict == Delivery::Verdict::ack) {
        gave_back_last_ = false;
        give_back_pauses_.reset();
    }
    return held.connection == connections_ ? send_ack(connection, held.tag) : Result<void>{};
}

Result<void> AmqpConsumer::drain(AmqpConnection& connection, const Accept& accept)
{
    while (true) {
        auto event = connection.next_event();
        if (!event) {
            return event.error();
        }
        if (!*event) {
            return {};
        }
        heard_ = clock_.now();
        if (auto taken = take(connection, std::move(**event), accept); !taken) {
            return taken;
        }
    }
}

Result<void> AmqpConsumer::take(AmqpConnection& connection, AmqpEvent event, const Accept& accept)
{
    if (auto* message = std::get_if<Delivered>(&event)) {
        return deliver(connection, std::move(*message), accept);
    }
    if (const auto* answered = std::get_if<Answered>(&event)) {
        if (answered->method == k_cancel_done) {
            subscription_.ended();
            settlements_->wake().signal();
        }
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
    return {};  // being blocked concerns only those who publish
}

Result<void>
AmqpConsumer::deliver(AmqpConnection& connection, Delivered message, const Accept& accept)
{
    if (!subscription_.wanted()) {
        return send_requeue(connection, message.tag);
    }
    held_ = Held{.connection = connections_, .tag = message.tag};
    accept(Delivery{
        std::move(message.body),
        std::move(message.message_id),
        message.redelivered,
        [box = settlements_, on = connections_, tag = message.tag](Delivery::Verdict verdict) {
            box->put({.connection = on, .tag = tag, .verdict = verdict});
        },
        std::move(message.headers)});
    return {};
}

Result<void> AmqpConsumer::check_silence(const AmqpConnection& connection)
{
    const std::chrono::seconds heartbeat = connection.heartbeat();
    if (heartbeat.count() > 0 && clock_.now() - heard_ > 2 * heartbeat) {
        return Error{Errc::unavailable, "no heartbeat from the broker"};
    }
    return {};
}

void AmqpConsumer::wait(AmqpConnection& connection)
{
    std::chrono::milliseconds pause = k_longest_wait;
    if (connection.heartbeat().count() > 0) {
        pause = std::min<std::chrono::milliseconds>(
            pause, std::chrono::milliseconds{connection.heartbeat()} / 4
        );
    }
    if (held_ && held_->give_back_at) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(*held_->give_back_at - clock_.now());
        pause = std::clamp(left, std::chrono::milliseconds{0}, pause);
    }
    if (connection.wait(settlements_->wake(), pause)) {
        heard_ = clock_.now();
    }
}

// With the connection gone the verdict changes nothing, but our caller relies on nobody working on
// a delivery once `run` has returned.
void AmqpConsumer::wait_for_held()
{
    while (held_ && !held_->give_back_at) {
        for (const Settlement& settlement : settlements_->take()) {
            if (settlement.connection == held_->connection && settlement.tag == held_->tag) {
                held_.reset();
                return;
            }
        }
        settlements_->wake().wait();
    }
}

}  // namespace libra
