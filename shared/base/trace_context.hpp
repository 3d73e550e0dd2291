#pragma once

#include "shared/base/random.hpp"

#include <optional>
#include <string>
#include <string_view>

/// @file To which trace something belongs, and how that is said from one service to the next.
///
/// Source: W3C Trace Context, https://www.w3.org/TR/trace-context/

namespace libra {

/// One span of a trace. Empty where there is none.
struct TraceContext {
    std::string trace_id{};   // 32 hex digits in lower case
    std::string span_id{};    // 16
    std::string parent_id{};  // likewise; empty for the first span, and for one of somebody else
    bool sampled{true};       // whether the trace is to be recorded
    std::string state{};      // the header `tracestate`, as it came

    bool empty() const { return trace_id.empty(); }

    /// The header `traceparent` for who goes on from this span.
    std::string header() const;

    bool operator==(const TraceContext&) const = default;
};

/// The caller's span. Of versions yet to come only what version 00 has is looked at. A `tracestate`
/// of more than 512 bytes, or with others than printable ASCII, is left out.
/// @return nothing unless all of `traceparent` is valid.
std::optional<TraceContext> read_trace(std::string_view traceparent, std::string_view tracestate);

/// The first span of a new trace, which is to be recorded.
TraceContext begin_trace(Random& random);

/// A new span below `parent`; the first of a new trace if that is empty.
TraceContext span_below(const TraceContext& parent, Random& random);

}  // namespace libra
