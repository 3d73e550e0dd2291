#pragma once

#include "shared/base/clock.hpp"
#include "shared/broker/amqp_connection.hpp"
#include "shared/broker/dead_letter_queue.hpp"

#include <string>

namespace libra {

/// A visit takes all messages without acknowledging them and lets go of its connection at the end,
/// upon which the broker puts back those that are kept.
class AmqpDeadLetterQueue final : public DeadLetterQueue {
public:
    /// `clock` must outlive it.
    AmqpDeadLetterQueue(AmqpEndpoint endpoint, std::string queue, Clock& clock);

    Result<std::int64_t> depth() override;
    Result<void> visit(
        const std::function<Result<bool>(const DeadMessage&)>& keeps,
        const std::stop_token& stop
    ) override;

private:
    Result<std::int64_t> ask_depth(AmqpConnection& connection);
    Result<std::optional<AmqpEvent>> wait_for_event(AmqpConnection& connection, Instant deadline);

    AmqpEndpoint endpoint_;
    std::string queue_;
    Clock& clock_;
};

}  // namespace libra
