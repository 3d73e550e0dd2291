#include "api-gateway/operations/queue_handler.hpp"

#include "api-gateway/api/json_response.hpp"
#include "shared/wire/operations_answers.hpp"

#include <algorithm>
#include <utility>

namespace libra {

QueueHandler::QueueHandler(const Parts& parts, Log log)
    : PrincipalHandler{{parts.admissions, parts.clock}, "read", std::move(log)},
      operations_{parts.operations},
      broker_{parts.broker}
{
}

HttpResponse QueueHandler::answer(const HttpRequest& request, const Principal& /*caller*/)
{
    constexpr double k_minutes_counted = 15;
    const Result<QueueOverview> queue = operations_.queue();
    if (!queue) {
        return failed(queue.error(), request);
    }
    const UtcTime at = now();
    QueueOverviewAnswer answer{
        .depth = queue->waiting,
        .ready = queue->ready,
        .held = queue->held,
        .retrying = queue->retrying,
        .in_flight = queue->running,
        .capacity = queue->capacity,
        .unsent = queue->unsent,
        .completed_per_minute = static_cast<double>(queue->completed) / k_minutes_counted,
        .estimated_wait = queue->estimated_wait,
        .timestamp = at,
    };
    if (queue->oldest_at) {
        // The clocks of two machines may differ.
        answer.oldest_age = std::max(
            std::chrono::duration_cast<std::chrono::milliseconds>(at - *queue->oldest_at),
            std::chrono::milliseconds{0}
        );
    }
    if (const std::optional<BrokerReading> reading = broker_()) {
        answer.messages = reading->messages;
        answer.consumers = reading->consumers;
    }
    return json_response(200, encode_queue_overview(answer));
}

}  // namespace libra
