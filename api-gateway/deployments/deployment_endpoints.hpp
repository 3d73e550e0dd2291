#pragma once

#include "api-gateway/deployments/deploy_handler.hpp"
#include "api-gateway/deployments/deployment_cancel_handler.hpp"
#include "api-gateway/deployments/deployment_queue_handler.hpp"
#include "api-gateway/deployments/deployment_status_handler.hpp"

/// @file Every endpoint about deployments.

namespace libra {

class DeploymentEndpoints {
public:
    struct Parts {
        DeployHandler::Parts deploy;
        DeploymentReader& reader;
        DeploymentControl& control;
    };

    /// What `parts` refers to must outlive it.
    DeploymentEndpoints(const Parts& parts, const Log& log);

    /// Valid as long as this object.
    Routes routes();

private:
    DeployHandler deploy_;
    DeploymentStatusHandler status_;
    DeploymentCancelHandler cancel_;
    DeploymentQueueHandler queue_;
};

}  // namespace libra
