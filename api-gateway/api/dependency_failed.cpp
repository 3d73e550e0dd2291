#include "api-gateway/api/dependency_failed.hpp"

#include "api-gateway/api/errors.hpp"

namespace libra {

HttpResponse
dependency_failed(const Error& error, const HttpRequest& request, UtcTime now, const Log& log)
{
    const LogFields fields{
        {"request_id", request.request_id},
        {"error", to_string(error.code)},
        {"reason", error.detail},
    };
    if (error.code == Errc::unavailable || error.code == Errc::timed_out) {
        log.warning("a dependency did not answer", fields);
        return error_response(k_unavailable, now);
    }
    log.error("a dependency refused", fields);
    return error_response(k_internal_error, now);
}

}  // namespace libra
