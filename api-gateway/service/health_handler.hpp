#pragma once

#include "api-gateway/api/route.hpp"
#include "shared/base/clock.hpp"
#include "shared/health/health_monitor.hpp"

#include <string>

/// @file GET /health.

namespace libra {

class HealthHandler final : public Handler {
public:
    /// Uptime counts from here. The references must outlive it.
    HealthHandler(const HealthMonitor& monitor, Clock& clock, std::string version);

    HttpResponse handle(const HttpRequest& request) override;

private:
    const HealthMonitor& monitor_;
    Clock& clock_;
    std::string version_;
    Instant started_;
};

}  // namespace libra
