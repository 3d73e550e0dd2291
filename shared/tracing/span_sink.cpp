#include "shared/tracing/span_sink.hpp"

namespace libra {

namespace {

class NoSpans final : public SpanSink {
public:
    bool wants(const TraceContext& /*trace*/) const override { return false; }

    void take(Span /*span*/) override {}
};

}  // namespace

SpanSink& no_spans()
{
    static NoSpans nobody;
    return nobody;
}

}  // namespace libra
