#include "api-gateway/organizations/organization_handler.hpp"

#include "api-gateway/api/query_reader.hpp"
#include "api-gateway/organizations/errors.hpp"
#include "shared/domain/rules.hpp"
#include "shared/wire/answers.hpp"

#include <stdexcept>
#include <utility>

namespace libra {

OrganizationHandler::OrganizationHandler(const Parts& parts, std::string_view scope, Log log)
    : PrincipalHandler{{parts.admissions, parts.clock}, scope, std::move(log)}, parts_{parts}
{
}

Requester OrganizationHandler::requester_of(const HttpRequest& request, const Principal& caller)
{
    return {
        .user_id = caller.user_id,
        .everywhere = caller.operates_platform(),
        .request_id = request.request_id};
}

std::variant<OrganizationHandler::Page, HttpResponse>
OrganizationHandler::read_page(const HttpRequest& request) const
{
    constexpr int k_usual_limit = 50;
    QueryReader reader{request};
    Page page{.after = reader.id("cursor"), .limit = reader.limit(k_usual_limit)};
    if (const Problems problems = std::move(reader).finish(); !problems.empty()) {
        return error_response(
            k_validation_failed, now(), k_invalid_query, encode_problems(problems)
        );
    }
    return page;
}

HttpResponse OrganizationHandler::refused(OrganizationVerdict verdict) const
{
    switch (verdict) {
    case OrganizationVerdict::done:
        break;
    case OrganizationVerdict::not_found:
        return error(k_organization_not_found);
    case OrganizationVerdict::id_taken:
        return error(k_organization_id_taken);
    case OrganizationVerdict::member_not_found:
        return error(k_member_not_found);
    case OrganizationVerdict::role_not_sufficient:
        return error(k_role_not_sufficient);
    case OrganizationVerdict::last_owner:
        return error(k_last_owner);
    }
    throw std::logic_error{"what was done is not refused"};
}

OrganizationAnswer OrganizationHandler::to_answer(const OrganizationRecord& organization)
{
    return {
        .org_id = organization.id,
        .name = organization.name,
        .role = organization.role,
        .created_at = organization.created_at,
    };
}

HttpResponse OneOrganizationHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const std::string id{request.segment(1)};
    if (id_problem(id)) {
        return error(k_invalid_id, k_invalid_organization_id);
    }
    return answer_for(id, request, requester_of(request, caller));
}

}  // namespace libra
