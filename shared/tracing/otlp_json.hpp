#pragma once

#include "shared/tracing/span.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace libra {

/// The body of an OTLP/HTTP request in JSON.
///
/// @param epoch  what to add to an `Instant` for the time since 1970.
/// Source: OpenTelemetry's specification, "OTLP", "JSON Protobuf Encoding".
std::string otlp_json(
    const std::vector<std::pair<std::string, std::string>>& resource,
    const std::vector<Span>& spans,
    std::chrono::nanoseconds epoch
);

}  // namespace libra
