#include "api-gateway/accounts/session_handlers.hpp"

#include "api-gateway/accounts/errors.hpp"
#include "api-gateway/accounts/new_credential.hpp"
#include "api-gateway/api/body_refused.hpp"
#include "api-gateway/api/json_response.hpp"
#include "shared/wire/account_answers.hpp"
#include "shared/wire/account_requests.hpp"

#include <utility>

namespace libra {

namespace {

constexpr int k_usual_days = 7;

SessionAnswer to_answer(const SessionRecord& session)
{
    return {
        .id = session.id,
        .user_id = session.user_id,
        .created_at = session.created_at,
        .expires_at = session.expires_at,
    };
}

}  // namespace

SessionListHandler::SessionListHandler(const Parts& parts, Log log)
    : AccountHandler{parts, "read", std::move(log)}
{
}

HttpResponse SessionListHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const auto read = read_page(request, caller);
    if (const auto* const refused = std::get_if<HttpResponse>(&read)) {
        return *refused;
    }
    const auto& wanted = std::get<Page>(read);
    const Result<SessionPage> page =
        accounts().sessions(wanted.user_id, wanted.before, wanted.limit);
    if (!page) {
        return failed(page.error(), request);
    }
    std::vector<SessionAnswer> sessions;
    for (const SessionRecord& session : page->sessions) {
        sessions.push_back(to_answer(session));
    }
    const auto next = page->next ? std::optional{std::to_string(*page->next)} : std::nullopt;
    return json_response(200, encode_sessions(sessions, next, now()));
}

SessionCreateHandler::SessionCreateHandler(const Parts& parts, Log log)
    : AccountHandler{parts, "admin", std::move(log)}
{
}

HttpResponse SessionCreateHandler::answer(const HttpRequest& request, const Principal& caller)
{
    if (!caller.operates_platform()) {
        return error(k_not_an_operator);
    }
    const auto parsed = parse_new_session_request(request.body);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    const auto& wanted = std::get<NewSessionRequest>(parsed);
    const NewCredential made = new_credential(random());
    const NewSession session{
        .digest = made.digest,
        .id = new_id(random()),
        .user_id = wanted.user_id,
        .days = wanted.expires_in_days.value_or(k_usual_days),
    };
    const Result<SessionRecord> record =
        accounts().create_session(session, actor_of(request, caller));
    if (!record) {
        return failed(record.error(), request);
    }
    return json_response(201, encode_new_session(to_answer(*record), made.secret, now()));
}

SessionEndHandler::SessionEndHandler(const Parts& parts, Log log)
    : AccountHandler{parts, "read", std::move(log)}
{
}

HttpResponse SessionEndHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const std::string id{request.segment(1)};
    const Result<void> ended =
        accounts().end_session(id, reach_of(caller), actor_of(request, caller));
    if (ended.has_error()) {
        return failed(ended.error(), request, k_session_not_found);
    }
    return json_response(200, encode_ended_session(id, now()));
}

}  // namespace libra
