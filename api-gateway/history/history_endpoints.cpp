#include "api-gateway/history/history_endpoints.hpp"

namespace libra {

HistoryEndpoints::HistoryEndpoints(
    const HistoryHandler::Parts& parts,
    ObjectStore& objects,
    const Log& log
)
    : list_{parts, log}, detail_{parts, log}, files_{parts, objects, log}, log_{parts, log}
{
}

Routes HistoryEndpoints::routes()
{
    using enum Runs;
    using enum Access;
    using enum Takes;
    // clang-format off
    return {
        {"GET", "/deployments",            on_worker, credential, nothing, &list_},
        {"GET", "/deployments/{id}",       on_worker, credential, nothing, &detail_},
        {"GET", "/deployments/{id}/files", on_worker, credential, nothing, &files_},
        {"GET", "/deployments/{id}/logs",  on_worker, credential, nothing, &log_},
    };
    // clang-format on
}

}  // namespace libra
