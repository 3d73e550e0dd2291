#include "shared/broker/amqp_subscription.hpp"

#include "shared/broker/amqp_calls.hpp"

#include <utility>

namespace libra {

namespace {

constexpr std::chrono::seconds k_end_within{5};

}  // namespace

AmqpSubscription::AmqpSubscription(
    std::string queue,
    std::chrono::milliseconds idle,
    Clock& clock,
    Random& random
)
    : queue_{std::move(queue)}, idle_{idle}, clock_{clock}, random_{random}
{
}

void AmqpSubscription::forget()
{
    phase_ = Phase::waiting;
}

Result<void> AmqpSubscription::keep(AmqpConnection& connection, bool busy)
{
    if (busy) {
        put_off();
        return {};
    }
    if (phase_ == Phase::waiting) {
        return begin(connection);
    }
    if (phase_ == Phase::ended) {
        const Result<void> fresh = reopen_channel(connection);
        return fresh ? begin(connection) : fresh;
    }
    if (phase_ == Phase::ending && clock_.now() - ending_since_ > k_end_within) {
        return Error{Errc::unavailable, "the broker does not end an idle subscription"};
    }
    return clock_.now() < renew_at_ ? Result<void>{} : end(connection);
}

Result<void> AmqpSubscription::end(AmqpConnection& connection)
{
    if (phase_ != Phase::consuming) {
        return {};
    }
    phase_ = Phase::ending;
    ending_since_ = clock_.now();
    return send_cancel(connection);
}

void AmqpSubscription::ended()
{
    if (phase_ == Phase::ending) {
        phase_ = Phase::ended;
    }
}

Result<void> AmqpSubscription::begin(AmqpConnection& connection)
{
    phase_ = Phase::consuming;
    put_off();
    return start_consuming(connection, queue_);
}

void AmqpSubscription::put_off()
{
    renew_at_ = clock_.now() + backoff_delay({.base = idle_, .cap = idle_}, 0, random_);
}

}  // namespace libra
