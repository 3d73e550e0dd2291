#pragma once

#include "api-gateway/api/route.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/storage/deployment_reader.hpp"

/// @file GET /deploy-status.

namespace libra {

class DeploymentStatusHandler final : public Handler {
public:
    /// `deployments` and `clock` must outlive it.
    DeploymentStatusHandler(DeploymentReader& deployments, Clock& clock, Log log);

    HttpResponse handle(const HttpRequest& request) override;

private:
    DeploymentReader& deployments_;
    Clock& clock_;
    Log log_;
};

}  // namespace libra
