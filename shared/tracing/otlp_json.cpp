#include "shared/tracing/otlp_json.hpp"

#include "shared/base/log.hpp"

#include <fmt/format.h>

#include <iterator>

namespace libra {

namespace {

constexpr int k_error_status = 2;

std::string quoted(std::string_view text)
{
    std::string json{'"'};
    append_json_escaped(json, text);
    json += '"';
    return json;
}

std::string attribute_json(std::string_view key, const std::string& value)
{
    return fmt::format(R"({{"key":{},"value":{{"stringValue":{}}}}})", quoted(key), quoted(value));
}

/// 64-bit numbers are texts in this encoding.
std::string attribute_json(std::string_view key, std::int64_t value)
{
    return fmt::format(R"({{"key":{},"value":{{"intValue":"{}"}}}})", quoted(key), value);
}

template <class Items, class Encode>
std::string array_json(const Items& items, Encode encode)
{
    std::string json{'['};
    for (const auto& item : items) {
        json += json.size() > 1 ? "," : "";
        json += encode(item);
    }
    return json + ']';
}

std::string attributes_json(const std::vector<SpanAttribute>& attributes)
{
    return array_json(attributes, [](const SpanAttribute& attribute) {
        return std::visit(
            [&](const auto& value) { return attribute_json(attribute.key, value); }, attribute.value
        );
    });
}

std::string span_json(const Span& span, std::chrono::nanoseconds epoch)
{
    const auto nanoseconds = [&](Instant instant) {
        return std::chrono::nanoseconds{instant.time_since_epoch() + epoch}.count();
    };
    const TraceContext& context = span.context;
    std::string json =
        fmt::format(R"({{"traceId":"{}","spanId":"{}")", context.trace_id, context.span_id);
    if (!context.parent_id.empty()) {
        json += fmt::format(R"(,"parentSpanId":"{}")", context.parent_id);
    }
    if (!context.state.empty()) {
        json += R"(,"traceState":)" + quoted(context.state);
    }
    json += fmt::format(
        R"(,"flags":1,"name":{},"kind":{},"startTimeUnixNano":"{}","endTimeUnixNano":"{}",)"
        R"("attributes":{},"status":{{)",
        quoted(span.name),
        static_cast<int>(span.kind),
        nanoseconds(span.began),
        nanoseconds(span.ended),
        attributes_json(span.attributes)
    );
    if (!span.error.empty()) {
        json += fmt::format(R"("code":{},"message":{})", k_error_status, quoted(span.error));
    }
    return json + "}}";
}

}  // namespace

std::string otlp_json(
    const std::vector<std::pair<std::string, std::string>>& resource,
    const std::vector<Span>& spans,
    std::chrono::nanoseconds epoch
)
{
    return fmt::format(
        R"({{"resourceSpans":[{{"resource":{{"attributes":{}}},)"
        R"("scopeSpans":[{{"scope":{{"name":"libra"}},"spans":{}}}]}}]}})",
        array_json(
            resource,
            [](const auto& attribute) { return attribute_json(attribute.first, attribute.second); }
        ),
        array_json(spans, [&](const Span& span) { return span_json(span, epoch); })
    );
}

}  // namespace libra
