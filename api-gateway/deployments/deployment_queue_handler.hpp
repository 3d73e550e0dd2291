#pragma once

#include "api-gateway/api/route.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/storage/deployment_control.hpp"

/// @file GET /deployments/{id}/queue.

namespace libra {

class DeploymentQueueHandler final : public Handler {
public:
    /// `control` and `clock` must outlive it.
    DeploymentQueueHandler(DeploymentControl& control, Clock& clock, Log log);

    HttpResponse handle(const HttpRequest& request) override;

private:
    HttpResponse failed(const Error& error, const HttpRequest& request);

    DeploymentControl& control_;
    Clock& clock_;
    Log log_;
};

}  // namespace libra
