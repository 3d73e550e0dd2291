#pragma once

#include "shared/base/log.hpp"
#include "shared/health/health_monitor.hpp"
#include "shared/http/application.hpp"
#include "shared/telemetry/metrics.hpp"

#include <atomic>

/// @file What a worker says of itself over HTTP: `GET /livez`, `/readyz` and `/metrics`. Nothing of
/// it is for tenants, and nothing is changed by asking.

namespace libra {

/// Set by main.
struct WorkerState {
    std::atomic<bool> prepared{false};  // has its name and work folder, and the schema it needs
    std::atomic<bool> draining{false};
};

/// Thread-safe.
class WorkerEndpoint final : public Application {
public:
    struct Parts {
        const HealthMonitor& monitor;
        const WorkerState& state;
        const Metrics& metrics;
        Log log;
    };

    /// The references must outlive it.
    explicit WorkerEndpoint(Parts parts);

    /// The probes: whatever the worker threads are doing, these answer. Alive is 200 for as long as
    /// the process can answer at all; ready is 503, with the reason as text, while the worker would
    /// not take a deployment.
    std::optional<HttpResponse> answer_at_once(const HttpRequest& head) override;

    HttpResponse answer(const HttpRequest& request) override;
    HttpResponse refuse(const ErrorKind& error) override;
    void finish(const HttpRequest& request, HttpResponse& response) override;
    void served(const ServedRequest& served) override;

private:
    HttpResponse ready() const;

    Parts parts_;
};

}  // namespace libra
