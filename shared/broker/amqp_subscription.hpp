#pragma once

#include "shared/base/backoff.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/broker/amqp_connection.hpp"

#include <chrono>
#include <string>

/// @file Being subscribed to a queue, from the consumer's start to its stop.

namespace libra {

/// A queue that is deleted and declared again at once may leave a consumer that the broker alone
/// believes in: it gives a message to our channel, which drops it. Nothing on this side tells that
/// from an empty queue. So a subscription that brought nothing for a while is ended and begun anew
/// on a new channel, and the end of the old one gives back what it kept.
///
/// One thread. Calls return `unavailable` when the connection is lost.
class AmqpSubscription {
public:
    /// `idle` is how long one may bring nothing, give or take a fifth, so that many consumers do
    /// not begin anew together. The references must outlive it.
    AmqpSubscription(
        std::string queue,
        std::chrono::milliseconds idle,
        Clock& clock,
        Random& random
    );

    /// There is a new connection, on which nothing has been asked for yet.
    void forget();

    /// Begins to consume, and begins anew when it is time to; to be called in every turn. `busy`:
    /// a delivery is not settled yet. Then neither is done.
    /// @return also `unavailable` if the broker does not end an idle subscription within 5 s.
    Result<void> keep(AmqpConnection& connection, bool busy);

    /// Asks for no more deliveries; to be called in every turn.
    Result<void> end(AmqpConnection& connection);

    /// The broker has said that there will be no more.
    void ended();

    /// Whether a delivery is welcome; others are on their way since before the end.
    bool wanted() const { return phase_ == Phase::consuming; }

    /// Whether no delivery can be on its way.
    bool over() const { return phase_ == Phase::waiting || phase_ == Phase::ended; }

private:
    enum class Phase { waiting, consuming, ending, ended };

    Result<void> begin(AmqpConnection& connection);
    void put_off();

    std::string queue_;
    std::chrono::milliseconds idle_;
    Clock& clock_;
    Random& random_;
    Phase phase_{Phase::waiting};
    Instant renew_at_{};
    Instant ending_since_{};
};

}  // namespace libra
