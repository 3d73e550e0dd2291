#include "api-gateway/letters/letter_handler.hpp"

#include "api-gateway/api/query_reader.hpp"
#include "api-gateway/letters/errors.hpp"

#include <utility>

namespace libra {

LetterHandler::LetterHandler(const Parts& parts, Log log)
    : PrincipalHandler{{parts.admissions, parts.clock}, "admin", std::move(log)},
      letters_{parts.letters}
{
}

HttpResponse LetterHandler::failed(const Error& error_found, const HttpRequest& request) const
{
    return PrincipalHandler::failed(error_found, request, k_dead_letter_not_found);
}

HttpResponse OneLetterHandler::answer(const HttpRequest& request, const Principal& admin)
{
    const std::optional<std::int64_t> id = parse_positive(request.segment(1));
    if (!id) {
        return error(k_invalid_id, "The dead letter's id in the path must be a positive number.");
    }
    return answer_for(*id, request, admin);
}

}  // namespace libra
