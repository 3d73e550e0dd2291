#include "api-gateway/letters/letter_reading_handlers.hpp"

#include "api-gateway/api/attempt.hpp"
#include "api-gateway/api/json_response.hpp"
#include "api-gateway/letters/letter_query.hpp"
#include "shared/wire/answers.hpp"
#include "shared/wire/letter_answers.hpp"

#include <vector>

namespace libra {

namespace {

LetterAnswer to_answer(const LetterSummary& letter)
{
    return {
        .id = letter.id,
        .state = to_string(letter.state),
        .failure_class = letter.failure_class,
        .reason = letter.reason,
        .deployment_id = letter.deployment_id,
        .project_id = letter.project_id,
        .org_id = letter.org_id,
        .created_at = letter.created_at,
        .resolved_at = letter.resolved_at,
        .resolved_by = letter.resolved_by,
        .resolution = letter.resolution,
    };
}

}  // namespace

HttpResponse LetterListHandler::answer(const HttpRequest& request, const Principal& /*admin*/)
{
    const auto parsed = parse_letter_query(request);
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return error_response(
            k_validation_failed, now(), k_invalid_query, encode_problems(*problems)
        );
    }
    const auto& query = std::get<LetterQuery>(parsed);
    const Result<LetterPage> page = letters().list(query.filter, query.before, query.limit);
    if (!page) {
        return failed(page.error(), request);
    }
    LettersAnswer answer{.timestamp = now()};
    for (const LetterSummary& letter : page->letters) {
        answer.letters.push_back(to_answer(letter));
    }
    if (page->next) {
        answer.next_cursor = std::to_string(*page->next);
    }
    return json_response(200, encode_letters(answer));
}

HttpResponse LetterDetailHandler::answer_for(
    std::int64_t id,
    const HttpRequest& request,
    const Principal& /*admin*/
)
{
    const Result<Letter> letter = letters().find(id);
    if (!letter) {
        return failed(letter.error(), request);
    }
    std::vector<AttemptAnswer> attempts;
    for (const AttemptRecord& attempt : letter->attempts) {
        attempts.push_back(to_answer(attempt));
    }
    return json_response(200, encode_letter(to_answer(letter->summary), letter->message, attempts));
}

}  // namespace libra
