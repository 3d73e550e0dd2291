#include "api-gateway/redeploy/redeploy_endpoints.hpp"

namespace libra {

RedeployEndpoints::RedeployEndpoints(const RedeployHandler::Parts& parts, const Log& log)
    : retry_{parts, log}, promote_{parts, log}, rollback_{parts, log}
{
}

Routes RedeployEndpoints::routes()
{
    using enum Runs;
    using enum Access;
    using enum Takes;
    // clang-format off
    return {
        {"POST", "/deployments/{id}/retry",   on_worker, credential, nothing, &retry_},
        {"POST", "/deployments/{id}/promote", on_worker, credential, nothing, &promote_},
        {"POST", "/projects/{id}/rollback",   on_worker, credential, json,    &rollback_},
    };
    // clang-format on
}

}  // namespace libra
