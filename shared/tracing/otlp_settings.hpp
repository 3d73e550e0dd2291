#pragma once

#include "shared/base/env.hpp"
#include "shared/net/http_client.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

/// @file Where spans go, by the variables of OpenTelemetry.
///
/// Source: OpenTelemetry's specification, "OpenTelemetry Protocol Exporter" and "General SDK
/// Configuration".

namespace libra {

struct OtlpSettings {
    std::string url{};                                            // empty: spans go nowhere
    std::vector<HttpField> headers{};                             // secrets
    std::chrono::milliseconds timeout{10'000};                    // of one request
    std::vector<std::pair<std::string, std::string>> resource{};  // whose spans they are

    bool wanted() const { return !url.empty(); }
};

/// `service` and `instance`, one of several processes of it, are the names where the environment
/// has none.
OtlpSettings read_otlp_settings(
    Environment& environment,
    const std::string& service,
    const std::string& instance
);

/// What no log may show of them.
void hide(const OtlpSettings& settings, Redactor& redactor);

}  // namespace libra
