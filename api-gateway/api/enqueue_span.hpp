#pragma once

#include "shared/tracing/span_sink.hpp"

#include <string>

namespace libra {

struct SpanTimes {
    Instant began{};
    Instant ended{};
};

/// Tells of a deployment that was accepted, so that its message waits in the outbox. `trace` is the
/// span that the message names.
void tell_enqueued(
    SpanSink& spans,
    const TraceContext& trace,
    const std::string& deployment_id,
    const SpanTimes& times
);

}  // namespace libra
