#include "shared/base/trace_context.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace libra {

namespace {

constexpr std::size_t k_length = 55;  // 00-{32 digits}-{16 digits}-{2 digits}
constexpr std::size_t k_span_digits = 16;
constexpr std::size_t k_most_state = 512;
constexpr std::string_view k_digits{"0123456789abcdef"};

bool is_hex(std::string_view text)
{
    return text.find_first_not_of(k_digits) == std::string_view::npos;
}

bool is_id(std::string_view text)
{
    return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

bool ends_where_it_may(std::string_view header)
{
    return header.size() == k_length ||
           (!header.starts_with("00") && header.size() > k_length && header[k_length] == '-');
}

bool is_state(std::string_view text)
{
    return text.size() <= k_most_state &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_sampled(std::string_view flags)
{
    return k_digits.find(flags.back()) % 2 == 1;
}

/// All zeros would be no id.
std::string not_zero(std::string id)
{
    if (!is_id(id)) {
        id.back() = '1';
    }
    return id;
}

std::string new_span_id(Random& random)
{
    return not_zero(new_id(random).substr(0, k_span_digits));
}

}  // namespace

std::string TraceContext::header() const
{
    return fmt::format("00-{}-{}-{}", trace_id, span_id, sampled ? "01" : "00");
}

std::optional<TraceContext> read_trace(std::string_view traceparent, std::string_view tracestate)
{
    if (!ends_where_it_may(traceparent) || traceparent[2] != '-' || traceparent[35] != '-' ||
        traceparent[52] != '-') {
        return std::nullopt;
    }
    const std::string_view version = traceparent.substr(0, 2);
    const std::string_view trace = traceparent.substr(3, 32);
    const std::string_view span = traceparent.substr(36, k_span_digits);
    const std::string_view flags = traceparent.substr(53, 2);
    if (!is_hex(version) || version == "ff" || !is_id(trace) || !is_id(span) || !is_hex(flags)) {
        return std::nullopt;
    }
    return TraceContext{
        .trace_id = std::string{trace},
        .span_id = std::string{span},
        .sampled = is_sampled(flags),
        .state = std::string{is_state(tracestate) ? tracestate : std::string_view{}}};
}

TraceContext begin_trace(Random& random)
{
    return {.trace_id = not_zero(new_id(random)), .span_id = new_span_id(random)};
}

TraceContext span_below(const TraceContext& parent, Random& random)
{
    if (parent.empty()) {
        return begin_trace(random);
    }
    TraceContext span{parent};
    span.parent_id = parent.span_id;
    span.span_id = new_span_id(random);
    return span;
}

}  // namespace libra
