#pragma once

#include "shared/base/clock.hpp"
#include "shared/broker/amqp_connection.hpp"
#include "shared/broker/dead_letter_queue.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace libra {

struct VisitPolicy {
    std::uint16_t most_messages{10'000};  // all that are kept are with us at the same time
    std::chrono::milliseconds longest{20'000};
    std::chrono::milliseconds quiet{100};  // nothing came for so long: ask whether there is more
};

/// A visit takes all messages without acknowledging them and lets go of its connection at the end,
/// upon which the broker puts back those that are kept.
class AmqpDeadLetterQueue final : public DeadLetterQueue {
public:
    /// `clock` must outlive it.
    AmqpDeadLetterQueue(
        AmqpEndpoint endpoint,
        std::string queue,
        Clock& clock,
        VisitPolicy policy = {}
    );

    Result<std::int64_t> depth() override;
    Result<bool> visit(const Keeps& keeps, const std::stop_token& stop) override;

private:
    Result<std::int64_t> ask_depth(AmqpConnection& connection);
    Result<std::optional<AmqpEvent>> wait_for_event(AmqpConnection& connection, Instant deadline);

    AmqpEndpoint endpoint_;
    std::string queue_;
    Clock& clock_;
    VisitPolicy policy_;
};

}  // namespace libra
