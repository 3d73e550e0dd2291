#include "api-gateway/letters/letter_resolving_handlers.hpp"

#include "api-gateway/api/body_refused.hpp"
#include "api-gateway/api/json_response.hpp"
#include "api-gateway/letters/errors.hpp"
#include "shared/wire/letter_answers.hpp"
#include "shared/wire/letter_requests.hpp"

namespace libra {

namespace {

Actor actor_of(const HttpRequest& request, const Principal& admin)
{
    return {.user_id = admin.user_id, .request_id = request.request_id};
}

}  // namespace

HttpResponse LetterRequeueHandler::answer_for(
    std::int64_t id,
    const HttpRequest& request,
    const Principal& admin
)
{
    const Result<RedriveVerdict> verdict = letters().redrive(id, actor_of(request, admin));
    if (!verdict) {
        return failed(verdict.error(), request);
    }
    switch (*verdict) {
    case RedriveVerdict::requeued:
        break;
    case RedriveVerdict::already_resolved:
        return error(k_already_resolved);
    case RedriveVerdict::deployment_in_progress:
        return error(
            k_deployment_in_progress,
            "The project is being deployed; requeue this dead letter when that has ended."
        );
    case RedriveVerdict::superseded:
        return error(k_superseded);
    case RedriveVerdict::not_redrivable:
        return error(k_not_redrivable);
    }
    const std::string_view state = to_string(LetterState::requeued);
    return json_response(
        200, encode_resolved_letter(id, state, "The dead letter is on its way again.", now())
    );
}

HttpResponse LettersRequeueHandler::answer(const HttpRequest& request, const Principal& admin)
{
    const auto parsed = parse_redrive_request(request.body);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    const auto& wanted = std::get<RedriveRequest>(parsed);
    const LetterFilter filter{
        .state = LetterState::open,
        .failure_class = wanted.failure_class,
        .project_id = wanted.project_id,
        .org_id = wanted.org_id,
    };
    const Result<RedriveCounts> counts =
        letters().redrive_matching(filter, actor_of(request, admin));
    if (!counts) {
        return failed(counts.error(), request);
    }
    const RedriveAnswer answer{
        .requeued = counts->requeued,
        .skipped = counts->skipped,
        .more = counts->more,
        .timestamp = now(),
    };
    return json_response(200, encode_redrive(answer));
}

HttpResponse LetterDiscardHandler::answer_for(
    std::int64_t id,
    const HttpRequest& request,
    const Principal& admin
)
{
    const auto parsed = parse_discard_request(request.body);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    const auto& wanted = std::get<DiscardRequest>(parsed);
    const Result<bool> discarded = letters().discard(id, wanted.reason, actor_of(request, admin));
    if (!discarded) {
        return failed(discarded.error(), request);
    }
    if (!*discarded) {
        return error(k_already_resolved);
    }
    const std::string_view state = to_string(LetterState::discarded);
    return json_response(
        200, encode_resolved_letter(id, state, "The dead letter is closed for good.", now())
    );
}

}  // namespace libra
