#include "api-gateway/api/errors.hpp"

#include "shared/wire/answers.hpp"

namespace libra {

HttpResponse error_response(
    const ErrorKind& kind,
    UtcTime now,
    std::string_view message,
    const std::string& details_json
)
{
    HttpResponse response;
    response.status = kind.status;
    response.headers.emplace_back("Content-Type", "application/json");
    if (kind.status == k_unauthenticated.status) {
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
    }
    if (kind.retry_after_seconds > 0) {
        response.headers.emplace_back("Retry-After", std::to_string(kind.retry_after_seconds));
    }
    response.body =
        encode_error(kind.code, message.empty() ? kind.message : message, now, details_json);
    return response;
}

}  // namespace libra
