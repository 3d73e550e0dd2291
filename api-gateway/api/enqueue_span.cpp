#include "api-gateway/api/enqueue_span.hpp"

namespace libra {

void tell_enqueued(
    SpanSink& spans,
    const TraceContext& trace,
    const std::string& deployment_id,
    const SpanTimes& times
)
{
    if (!spans.wants(trace)) {
        return;
    }
    spans.take(
        {.context = trace,
         .name = "enqueue",
         .kind = SpanKind::producer,
         .began = times.began,
         .ended = times.ended,
         .attributes =
             {{"messaging.system", "rabbitmq"},
              {"messaging.operation.type", "create"},
              {"messaging.operation.name", "enqueue"},
              {"libra.deployment.id", deployment_id}}}
    );
}

}  // namespace libra
