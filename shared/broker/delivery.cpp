#include "shared/broker/consumer.hpp"

namespace libra {

Delivery::Delivery(Delivery&& other) noexcept
    : body_{std::move(other.body_)},
      message_id_{std::move(other.message_id_)},
      redelivered_{other.redelivered_},
      headers_{std::move(other.headers_)},
      settle_{std::exchange(other.settle_, nullptr)}
{
}

Delivery& Delivery::operator=(Delivery&& other) noexcept
{
    if (this != &other) {
        settle(Verdict::requeue);
        body_ = std::move(other.body_);
        message_id_ = std::move(other.message_id_);
        redelivered_ = other.redelivered_;
        headers_ = std::move(other.headers_);
        settle_ = std::exchange(other.settle_, nullptr);
    }
    return *this;
}

void Delivery::settle(Verdict verdict)
{
    if (const Settle settle = std::exchange(settle_, nullptr)) {
        settle(verdict);
    }
}

}  // namespace libra
