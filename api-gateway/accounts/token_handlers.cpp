#include "api-gateway/accounts/token_handlers.hpp"

#include "api-gateway/accounts/errors.hpp"
#include "api-gateway/accounts/new_credential.hpp"
#include "api-gateway/api/body_refused.hpp"
#include "api-gateway/api/json_response.hpp"
#include "api-gateway/auth/credential_header.hpp"
#include "shared/wire/account_answers.hpp"

#include <algorithm>
#include <utility>

namespace libra {

namespace {

TokenAnswer to_answer(const TokenRecord& token)
{
    return {
        .id = token.id,
        .name = token.name,
        .user_id = token.user_id,
        .service = token.service,
        .scopes = token.scopes,
        .created_at = token.created_at,
        .expires_at = token.expires_at,
        .last_used_at = token.last_used_at,
    };
}

}  // namespace

TokenListHandler::TokenListHandler(const Parts& parts, Log log)
    : AccountHandler{parts, "read", std::move(log)}
{
}

HttpResponse TokenListHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const auto read = read_page(request, caller);
    if (const auto* const refused = std::get_if<HttpResponse>(&read)) {
        return *refused;
    }
    const auto& wanted = std::get<Page>(read);
    const Result<TokenPage> page = accounts().tokens(wanted.user_id, wanted.before, wanted.limit);
    if (!page) {
        return failed(page.error(), request);
    }
    std::vector<TokenAnswer> tokens;
    for (const TokenRecord& token : page->tokens) {
        tokens.push_back(to_answer(token));
    }
    const auto next = page->next ? std::optional{std::to_string(*page->next)} : std::nullopt;
    return json_response(200, encode_tokens(tokens, next, now()));
}

TokenCreateHandler::TokenCreateHandler(const Parts& parts, Log log)
    : AccountHandler{parts, "deploy", std::move(log)}
{
}

HttpResponse TokenCreateHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const auto parsed = parse_new_token_request(request.body);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    const auto& wanted = std::get<NewTokenRequest>(parsed);
    const bool for_another = wanted.user_id && *wanted.user_id != caller.user_id;
    if ((for_another || wanted.service) && !caller.operates_platform()) {
        return error(k_not_an_operator);
    }
    if (!std::all_of(wanted.scopes.begin(), wanted.scopes.end(), [&](const std::string& scope) {
            return caller.has_scope(scope);
        })) {
        return error(k_scope_exceeded);
    }
    return create(request, caller, wanted);
}

HttpResponse TokenCreateHandler::create(
    const HttpRequest& request,
    const Principal& caller,
    const NewTokenRequest& wanted
)
{
    const NewCredential made = new_credential(random());
    NewToken token{
        .digest = made.digest,
        .id = new_id(random()),
        .name = wanted.name,
        .user_id = wanted.user_id.value_or(caller.user_id),
        .service = wanted.service,
        .scopes = wanted.scopes,
        .days = wanted.expires_in_days,
    };
    std::sort(token.scopes.begin(), token.scopes.end());
    token.scopes.erase(std::unique(token.scopes.begin(), token.scopes.end()), token.scopes.end());
    const Result<TokenRecord> record =
        accounts().create_token(token, read_credential(request).value(), actor_of(request, caller));
    if (!record) {
        return failed(record.error(), request);
    }
    return json_response(201, encode_new_token(to_answer(*record), made.secret, now()));
}

TokenRevokeHandler::TokenRevokeHandler(const Parts& parts, Log log)
    : AccountHandler{parts, "deploy", std::move(log)}
{
}

HttpResponse TokenRevokeHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const std::string id{request.segment(1)};
    const Result<void> revoked =
        accounts().revoke_token(id, reach_of(caller), actor_of(request, caller));
    if (revoked.has_error()) {
        return failed(revoked.error(), request, k_token_not_found);
    }
    return json_response(200, encode_revoked_token(id, now()));
}

}  // namespace libra
