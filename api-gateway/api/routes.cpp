#include "api-gateway/api/routes.hpp"

namespace libra {

Routes make_routes(const Handlers& to)
{
    using enum Runs;
    using enum Access;
    using enum Takes;
    // clang-format off
    return {
        {"GET",  "/",               at_once,   open,       nothing, &to.service},
        {"POST", "/deploy",         on_worker, credential, json,    &to.deploy},
        {"GET",  "/deploy-status",  on_worker, open,       nothing, &to.deployment_status},
        {"GET",  "/health",         at_once,   open,       nothing, &to.health},
        {"GET",  "/docs",           at_once,   open,       nothing, &to.docs},
        {"GET",  "/docs/scalar.js", at_once,   open,       nothing, &to.docs_script},
        {"GET",  "/openapi.json",   at_once,   open,       nothing, &to.openapi},
        {"GET",  "/livez",          at_once,   open,       nothing, &to.alive},
        {"GET",  "/readyz",         at_once,   open,       nothing, &to.ready},
        {"GET",  "/metrics",        at_once,   open,       nothing, &to.metrics},
    };
    // clang-format on
}

}  // namespace libra
