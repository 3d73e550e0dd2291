#include "api-gateway/api/letter_handler.hpp"

#include "api-gateway/api/dependency_failed.hpp"
#include "api-gateway/api/letter_query.hpp"
#include "api-gateway/auth/credential_header.hpp"

#include <utility>

namespace libra {

LetterHandler::LetterHandler(Parts parts, Log log) : parts_{parts}, log_{std::move(log)} {}

HttpResponse LetterHandler::handle(const HttpRequest& request)
{
    const std::optional<Credential> credential = read_credential(request);
    if (!credential) {
        return error(k_unauthenticated);
    }
    const Result<Principal> caller = parts_.admissions.authenticate(*credential);
    if (!caller) {
        return caller.error().code == Errc::unauthenticated ? error(k_unauthenticated)
                                                            : failed(caller.error(), request);
    }
    if (!caller->has_scope("admin")) {
        return error(k_missing_scope, k_missing_admin_scope);
    }
    return answer(request, *caller);
}

HttpResponse LetterHandler::error(const ErrorKind& kind, std::string_view message) const
{
    return error_response(kind, now(), message);
}

HttpResponse LetterHandler::failed(const Error& error_found, const HttpRequest& request) const
{
    if (error_found.code == Errc::not_found) {
        return error(k_dead_letter_not_found);
    }
    return dependency_failed(error_found, request, now(), log_);
}

HttpResponse OneLetterHandler::answer(const HttpRequest& request, const Principal& admin)
{
    const std::optional<std::int64_t> id = parse_letter_id(request.segment(1));
    if (!id) {
        return error(k_invalid_id, "The dead letter's id in the path must be a positive number.");
    }
    return answer_for(*id, request, admin);
}

}  // namespace libra
