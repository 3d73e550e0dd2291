#pragma once

#include "shared/tracing/span.hpp"

/// @file Where those who did something tell of it.
///
/// Upstream: the endpoints, the worker's pipeline and webhooks. Downstream: OtlpExporter, or
/// nobody.

namespace libra {

/// Thread-safe; never blocks.
class SpanSink {
public:
    virtual ~SpanSink() = default;

    /// Whether spans of that trace are wanted. If not, none need be made.
    virtual bool wants(const TraceContext& trace) const = 0;

    virtual void take(Span span) = 0;
};

/// Wants none.
SpanSink& no_spans();

}  // namespace libra
