#include "api-gateway/api/principal_handler.hpp"

#include "api-gateway/api/dependency_failed.hpp"
#include "api-gateway/auth/credential_header.hpp"

#include <fmt/format.h>

#include <utility>

namespace libra {

PrincipalHandler::PrincipalHandler(Parts parts, std::string_view scope, Log log)
    : parts_{parts}, scope_{scope}, log_{std::move(log)}
{
}

HttpResponse PrincipalHandler::handle(const HttpRequest& request)
{
    const std::optional<Credential> credential = read_credential(request);
    if (!credential) {
        return error(k_unauthenticated);
    }
    const Result<Principal> caller = parts_.admissions.authenticate(*credential);
    if (!caller) {
        return failed(caller.error(), request);
    }
    if (!caller->has_scope(scope_)) {
        return error(
            k_missing_scope, fmt::format("This token has no scope `{}`; use one that has.", scope_)
        );
    }
    return answer(request, *caller);
}

HttpResponse PrincipalHandler::error(const ErrorKind& kind, std::string_view message) const
{
    return error_response(kind, now(), message);
}

HttpResponse PrincipalHandler::failed(
    const Error& error_found,
    const HttpRequest& request,
    const ErrorKind& missing
) const
{
    switch (error_found.code) {
    case Errc::unauthenticated:
        return error(k_unauthenticated);
    case Errc::not_found:
        return error(missing);
    default:
        return dependency_failed(error_found, request, now(), log_);
    }
}

}  // namespace libra
