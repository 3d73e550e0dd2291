#include "api-gateway/deployments/deployment_endpoints.hpp"

namespace libra {

DeploymentEndpoints::DeploymentEndpoints(const Parts& parts, const Log& log)
    : deploy_{parts.deploy, log},
      status_{parts.reader, parts.deploy.clock, log},
      cancel_{parts.control, parts.deploy.clock, log},
      queue_{parts.control, parts.deploy.clock, log}
{
}

Routes DeploymentEndpoints::routes()
{
    using enum Runs;
    using enum Access;
    using enum Takes;
    // clang-format off
    return {
        {"POST", "/deploy",                  on_worker, credential, json,    &deploy_},
        {"GET",  "/deploy-status",           on_worker, open,       nothing, &status_},
        {"POST", "/deployments/{id}/cancel", on_worker, credential, nothing, &cancel_},
        {"GET",  "/deployments/{id}/queue",  on_worker, credential, nothing, &queue_},
    };
    // clang-format on
}

}  // namespace libra
