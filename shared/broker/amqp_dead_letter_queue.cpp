#include "shared/broker/amqp_dead_letter_queue.hpp"

#include "shared/broker/amqp_calls.hpp"
#include "shared/broker/dead_letter_visit.hpp"
#include "shared/broker/wake_signal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

using namespace std::chrono_literals;

namespace libra {

namespace {

constexpr auto k_answer_within = 5s;
constexpr auto k_longest_wait = 1s;

Error closed_error(const Closed& closed)
{
    constexpr std::uint16_t k_not_found = 404;
    return {
        closed.code == k_not_found ? Errc::rejected : Errc::unavailable,
        fmt::format("the broker closed the connection: {} {}", closed.code, closed.reason)};
}

}  // namespace

AmqpDeadLetterQueue::AmqpDeadLetterQueue(
    AmqpEndpoint endpoint,
    std::string queue,
    Clock& clock,
    VisitPolicy policy
)
    : endpoint_{std::move(endpoint)}, queue_{std::move(queue)}, clock_{clock}, policy_{policy}
{
    endpoint_.connection_name += " visitor of " + queue_;
}

Result<std::int64_t> AmqpDeadLetterQueue::depth()
{
    Result<AmqpConnection> connection = AmqpConnection::open(endpoint_);
    if (!connection) {
        return connection.error();
    }
    Result<std::int64_t> messages = ask_depth(*connection);
    if (messages) {
        static_cast<void>(connection->close());  // the answer is here
    }
    return messages;
}

Result<bool> AmqpDeadLetterQueue::visit(const Keeps& keeps, const std::stop_token& stop)
{
    Result<AmqpConnection> connection = AmqpConnection::open(endpoint_);
    if (!connection) {
        return connection.error();
    }
    DeadLetterVisit visit{*connection, queue_, keeps, clock_, policy_};
    Result<bool> whole = visit.run(stop);
    // Any number of deliveries may be on their way to a visit that ended early, and a goodbye would
    // read them all.
    if (whole && *whole) {
        static_cast<void>(connection->close());
    }
    return whole;
}

Result<std::int64_t> AmqpDeadLetterQueue::ask_depth(AmqpConnection& connection)
{
    const Instant deadline = clock_.now() + k_answer_within;
    if (auto asked = send_queue_check(connection, queue_); !asked) {
        return asked.error();
    }
    while (true) {
        const auto event = wait_for_event(connection, deadline);
        if (!event) {
            return event.error();
        }
        if (!*event) {
            return Error{Errc::unavailable, "the broker does not say how long the queue is"};
        }
        if (const auto* answered = std::get_if<Answered>(&**event)) {
            return answered->messages;
        }
    }
}

/// @return nothing when the time is over.
Result<std::optional<AmqpEvent>>
AmqpDeadLetterQueue::wait_for_event(AmqpConnection& connection, Instant deadline)
{
    const WakeSignal nobody;
    while (true) {
        Result<std::optional<AmqpEvent>> event = connection.next_event();
        if (!event) {
            return event;
        }
        if (*event) {
            if (const auto* closed = std::get_if<Closed>(&**event)) {
                return closed_error(*closed);
            }
            return event;
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock_.now());
        if (left.count() <= 0) {
            return std::optional<AmqpEvent>{};
        }
        connection.wait(nobody, std::min<std::chrono::milliseconds>(left, k_longest_wait));
    }
}

}  // namespace libra
