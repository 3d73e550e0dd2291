#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/trace_context.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace libra {

/// Source of the numbers: OpenTelemetry's trace.proto, Span.SpanKind.
enum class SpanKind { internal = 1, server = 2, client = 3, producer = 4, consumer = 5 };

struct SpanAttribute {
    std::string_view key{};  // must never go away
    std::variant<std::string, std::int64_t> value{};
};

/// Something that was done, from its begin to its end, as a part of a trace. Nothing in it may be a
/// secret, or what a build or a user wrote: it leaves the platform.
struct Span {
    TraceContext context{};
    std::string name{};
    SpanKind kind{SpanKind::internal};
    Instant began{};
    Instant ended{};
    std::vector<SpanAttribute> attributes{};
    std::string error{};  // a word for why it failed; empty if it did not
};

}  // namespace libra
