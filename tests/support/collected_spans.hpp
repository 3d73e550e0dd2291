#pragma once

#include "shared/tracing/span_sink.hpp"

#include <string>
#include <utility>
#include <vector>

namespace libra::testing {

/// Keeps every span. One thread.
class CollectedSpans final : public SpanSink {
public:
    bool wants(const TraceContext& trace) const override { return trace.sampled && !trace.empty(); }

    void take(Span span) override { spans.push_back(std::move(span)); }

    std::vector<Span> spans{};
};

/// Of an attribute that is there.
template <class Value = std::string>
Value attribute(const Span& span, std::string_view key)
{
    for (const SpanAttribute& attribute : span.attributes) {
        if (attribute.key == key) {
            return std::get<Value>(attribute.value);
        }
    }
    return Value{};
}

}  // namespace libra::testing
