#pragma once

#include "shared/base/clock.hpp"
#include "shared/broker/amqp_connection.hpp"
#include "shared/broker/amqp_dead_letter_queue.hpp"

#include <optional>
#include <stop_token>
#include <string>

/// @file One look through the dead letter queue, from its first message to its end.

namespace libra {

/// One thread. The references must outlive it.
class DeadLetterVisit {
public:
    DeadLetterVisit(
        AmqpConnection& connection,
        const std::string& queue,
        const DeadLetterQueue::Keeps& keeps,
        Clock& clock,
        VisitPolicy policy
    );

    /// As DeadLetterQueue::visit. When it returns without an error, the broker has heard of every
    /// message that was dropped; kept ones stay with the connection until that is gone.
    Result<bool> run(const std::stop_token& stop);

private:
    Result<void> drain(const std::stop_token& stop);
    Result<void> take(const AmqpEvent& event, const std::stop_token& stop);
    Result<void> show(const Delivered& delivered);
    Result<void> ask();
    bool over(const std::stop_token& stop) const;

    AmqpConnection& connection_;
    const std::string& queue_;
    const DeadLetterQueue::Keeps& keeps_;
    Clock& clock_;
    VisitPolicy policy_;
    Instant deadline_;
    std::optional<Instant> ending_since_{};
    int seen_{0};
    bool alone_{true};
    bool asked_{false};
    int empty_answers_{0};     // in a row, without a delivery between them
    bool unconfirmed_{false};  // something was dropped, and no later question answered
    bool covered_{false};      // nothing was dropped since the last question
};

}  // namespace libra
