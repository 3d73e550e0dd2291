#pragma once

#include "api-gateway/api/route.hpp"
#include "shared/telemetry/metrics.hpp"

/// @file GET /metrics.

namespace libra {

class MetricsHandler final : public Handler {
public:
    /// `metrics` must outlive it.
    explicit MetricsHandler(const Metrics& metrics) : metrics_{metrics} {}

    HttpResponse handle(const HttpRequest& request) override;

private:
    const Metrics& metrics_;
};

}  // namespace libra
