#include "api-gateway/api/jwt_refusal.hpp"

#include "api-gateway/api/dependency_failed.hpp"
#include "api-gateway/api/errors.hpp"
#include "api-gateway/auth/credential_header.hpp"

namespace libra {

Result<void> trust_no_jwt(std::string_view /*token*/)
{
    return Error{Errc::unauthenticated, "no issuer of JWTs is configured"};
}

std::optional<HttpResponse>
refuse_jwt(const HttpRequest& request, const JwtCheck& check, UtcTime now, const Log& log)
{
    const std::optional<std::string_view> token = find_jwt(request);
    if (!token) {
        return std::nullopt;
    }
    const Result<void> checked = check(*token);
    if (checked.has_value()) {
        return std::nullopt;
    }
    if (checked.error().code != Errc::unauthenticated) {
        return dependency_failed(checked.error(), request, now, log);
    }
    log.info(
        "a JWT was refused",
        {{"request_id", request.request_id}, {"reason", checked.error().detail}}
    );
    return error_response(k_unauthenticated, now);
}

}  // namespace libra
