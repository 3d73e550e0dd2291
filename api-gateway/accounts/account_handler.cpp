#include "api-gateway/accounts/account_handler.hpp"

#include "api-gateway/api/json_response.hpp"
#include "api-gateway/api/query_reader.hpp"
#include "shared/wire/account_answers.hpp"
#include "shared/wire/answers.hpp"

#include <utility>

namespace libra {

AccountHandler::AccountHandler(const Parts& parts, std::string_view scope, Log log)
    : PrincipalHandler{{parts.admissions, parts.clock}, scope, std::move(log)},
      accounts_{parts.accounts},
      random_{parts.random}
{
}

std::variant<AccountHandler::Page, HttpResponse>
AccountHandler::read_page(const HttpRequest& request, const Principal& caller) const
{
    constexpr int k_usual_limit = 50;
    QueryReader reader{request};
    Page page;
    page.user_id = reader.id("userId").value_or(caller.user_id);
    page.limit = reader.limit(k_usual_limit);
    page.before =
        reader.read("cursor", parse_positive, "must be the nextCursor of an earlier answer");
    if (const Problems problems = std::move(reader).finish(); !problems.empty()) {
        return error_response(
            k_validation_failed, now(), k_invalid_query, encode_problems(problems)
        );
    }
    if (page.user_id != caller.user_id && !caller.operates_platform()) {
        return error(k_not_an_operator);
    }
    return page;
}

Actor AccountHandler::actor_of(const HttpRequest& request, const Principal& caller)
{
    return {.user_id = caller.user_id, .request_id = request.request_id};
}

std::optional<std::string> AccountHandler::reach_of(const Principal& caller)
{
    return caller.operates_platform() ? std::nullopt : std::optional{caller.user_id};
}

MeHandler::MeHandler(const Parts& parts, Log log) : AccountHandler{parts, "read", std::move(log)} {}

HttpResponse MeHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const auto memberships = accounts().memberships(caller.user_id);
    if (!memberships) {
        return failed(memberships.error(), request);
    }
    MeAnswer answer{
        .user_id = caller.user_id,
        .service = caller.service,
        .scopes = caller.scopes,
        .timestamp = now(),
    };
    for (const Membership& membership : *memberships) {
        answer.organizations.push_back({membership.org_id, membership.name, membership.role});
    }
    return json_response(200, encode_me(answer));
}

}  // namespace libra
