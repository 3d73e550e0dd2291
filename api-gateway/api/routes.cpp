#include "api-gateway/api/routes.hpp"

namespace libra {

Routes make_routes(const Handlers& to)
{
    using enum Runs;
    using enum Access;
    using enum Takes;
    // clang-format off
    return {
        {"GET",    "/",                        at_once,   open,       nothing, &to.service},
        {"POST",   "/deploy",                  on_worker, credential, json,    &to.deploy},
        {"GET",    "/deploy-status",           on_worker, open,       nothing, &to.deployment_status},
        {"POST",   "/deployments/{id}/cancel", on_worker, credential, nothing, &to.deployment_cancel},
        {"GET",    "/deployments/{id}/queue",  on_worker, credential, nothing, &to.deployment_queue},
        {"GET",    "/dlq",                     on_worker, credential, nothing, &to.letter_list},
        {"POST",   "/dlq/requeue",             on_worker, credential, json,    &to.letters_requeue},
        {"GET",    "/dlq/{id}",                on_worker, credential, nothing, &to.letter_detail},
        {"DELETE", "/dlq/{id}",                on_worker, credential, json,    &to.letter_discard},
        {"POST",   "/dlq/{id}/requeue",        on_worker, credential, nothing, &to.letter_requeue},
        {"GET",    "/health",                  at_once,   open,       nothing, &to.health},
        {"GET",    "/docs",                    at_once,   open,       nothing, &to.docs},
        {"GET",    "/docs/scalar.js",          at_once,   open,       nothing, &to.docs_script},
        {"GET",    "/openapi.json",            at_once,   open,       nothing, &to.openapi},
        {"GET",    "/livez",                   at_once,   open,       nothing, &to.alive},
        {"GET",    "/readyz",                  at_once,   open,       nothing, &to.ready},
        {"GET",    "/metrics",                 at_once,   open,       nothing, &to.metrics},
    };
    // clang-format on
}

}  // namespace libra
