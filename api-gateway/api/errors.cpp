#include "api-gateway/api/errors.hpp"

#include "api-gateway/api/json_response.hpp"
#include "shared/wire/answers.hpp"

namespace libra {

HttpResponse error_response(
    const ErrorKind& kind,
    UtcTime now,
    std::string_view message,
    const std::string& details_json
)
{
    HttpResponse response = json_response(
        kind.status,
        encode_error(kind.code, message.empty() ? kind.message : message, now, details_json)
    );
    if (kind.status == k_unauthenticated.status) {
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
    }
    if (kind.retry_after_seconds > 0) {
        response.headers.emplace_back("Retry-After", std::to_string(kind.retry_after_seconds));
    }
    return response;
}

}  // namespace libra
