#include "api-gateway/operations/operations_endpoints.hpp"

namespace libra {

OperationsEndpoints::OperationsEndpoints(const QueueHandler::Parts& parts, const Log& log)
    : queue_{parts, log}, audit_{parts.admissions, parts.operations, parts.clock, log}
{
}

Routes OperationsEndpoints::routes()
{
    using enum Runs;
    using enum Access;
    using enum Takes;
    return {
        {"GET", "/queue", on_worker, credential, nothing, &queue_},
        {"GET", "/audit", on_worker, credential, nothing, &audit_},
    };
}

}  // namespace libra
