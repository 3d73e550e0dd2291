#include "api-gateway/organizations/member_handlers.hpp"

#include "api-gateway/api/body_refused.hpp"
#include "api-gateway/api/json_response.hpp"
#include "api-gateway/organizations/errors.hpp"
#include "shared/domain/rules.hpp"
#include "shared/wire/organization_requests.hpp"

#include <utility>

namespace libra {

MemberListHandler::MemberListHandler(const Parts& parts, Log log)
    : OneOrganizationHandler{parts, "read", std::move(log)}
{
}

HttpResponse MemberListHandler::answer_for(
    const std::string& org_id,
    const HttpRequest& request,
    const Requester& requester
)
{
    const auto read = read_page(request);
    if (const auto* const bad = std::get_if<HttpResponse>(&read)) {
        return *bad;
    }
    const auto& wanted = std::get<Page>(read);
    const Result<MemberPage> page =
        organizations().members(requester, org_id, wanted.after, wanted.limit);
    if (!page) {
        return failed(page.error(), request, k_organization_not_found);
    }
    MembersAnswer answer{.next_cursor = page->next, .timestamp = now()};
    for (const MemberRecord& member : page->members) {
        answer.members.push_back({.user_id = member.user_id, .role = member.role});
    }
    return json_response(200, encode_members(answer));
}

OneMemberHandler::OneMemberHandler(const Parts& parts, Log log)
    : OneOrganizationHandler{parts, "deploy", std::move(log)}
{
}

HttpResponse OneMemberHandler::answer_for(
    const std::string& org_id,
    const HttpRequest& request,
    const Requester& requester
)
{
    const std::string user_id{request.segment(3)};
    if (id_problem(user_id)) {
        return error(k_invalid_id, k_invalid_member_id);
    }
    const auto read = new_role(request);
    if (const auto* const bad = std::get_if<HttpResponse>(&read)) {
        return *bad;
    }
    const auto& role = std::get<std::optional<std::string>>(read);
    const Result<OrganizationVerdict> set =
        organizations().set_member(requester, org_id, user_id, role);
    if (!set) {
        return failed(set.error(), request);
    }
    if (*set != OrganizationVerdict::done) {
        return refused(*set);
    }
    return json_response(200, done(user_id, role));
}

std::variant<std::optional<std::string>, HttpResponse>
MemberSetHandler::new_role(const HttpRequest& request) const
{
    const auto parsed = parse_new_member(request.body);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    return std::optional{std::get<NewMemberRequest>(parsed).role};
}

std::string
MemberSetHandler::done(const std::string& user_id, const std::optional<std::string>& role) const
{
    return encode_set_member({.user_id = user_id, .role = role.value_or("")}, now());
}

std::variant<std::optional<std::string>, HttpResponse>
MemberRemoveHandler::new_role(const HttpRequest& /*request*/) const
{
    return std::optional<std::string>{};
}

std::string MemberRemoveHandler::done(
    const std::string& user_id,
    const std::optional<std::string>& /*role*/
) const
{
    return encode_removed_member(user_id, "The user is no member any more.", now());
}

}  // namespace libra
