#include "api-gateway/files/file_endpoints.hpp"

namespace libra {

FileEndpoints::FileEndpoints(const FileHandler::Parts& parts, const Log& log)
    : upload_{parts, log}, probe_{parts, log}, missing_{parts, log}
{
}

Routes FileEndpoints::routes()
{
    using enum Runs;
    using enum Access;
    using enum Takes;
    // clang-format off
    return {
        {"PUT",  "/files/{sha256}", on_worker, credential, bytes,   &upload_},
        {"HEAD", "/files/{sha256}", on_worker, credential, nothing, &probe_},
        {"POST", "/files/missing",  on_worker, credential, json,    &missing_},
    };
    // clang-format on
}

}  // namespace libra
