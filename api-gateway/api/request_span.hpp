#pragma once

#include "shared/http/application.hpp"
#include "shared/tracing/span.hpp"

#include <string_view>

namespace libra {

/// By OpenTelemetry's conventions for HTTP servers; without the query, which may have secrets.
/// `route` is the pattern of the path; empty where nothing answers there.
Span span_of(const ServedRequest& served, std::string_view route);

}  // namespace libra
