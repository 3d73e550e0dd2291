#pragma once

#include "api-gateway/api/route.hpp"
#include "shared/base/clock.hpp"
#include "shared/health/health_monitor.hpp"

#include <atomic>

/// @file GET /livez and GET /readyz, for Kubernetes.

namespace libra {

/// Set by main.
struct ServiceState {
    std::atomic<bool> prepared{false};  // the database has the schema this binary needs
    std::atomic<bool> draining{false};
};

/// 200 for as long as the process can answer at all.
class AliveHandler final : public Handler {
public:
    HttpResponse handle(const HttpRequest& request) override;
};

/// 200 when the database answers and is prepared and the process is not shutting down, else 503.
/// The broker does not count: without it deployments are accepted all the same and wait in the
/// outbox.
class ReadyHandler final : public Handler {
public:
    /// The references must outlive it.
    ReadyHandler(const HealthMonitor& monitor, const ServiceState& state, Clock& clock);

    HttpResponse handle(const HttpRequest& request) override;

private:
    const HealthMonitor& monitor_;
    const ServiceState& state_;
    Clock& clock_;
};

}  // namespace libra
