#include "api-gateway/organizations/organization_handlers.hpp"

#include "api-gateway/api/body_refused.hpp"
#include "api-gateway/api/json_response.hpp"
#include "shared/wire/organization_requests.hpp"

#include <utility>

namespace libra {

namespace {

constexpr int k_usual_free_limit = 100;

}  // namespace

OrganizationListHandler::OrganizationListHandler(const Parts& parts, Log log)
    : OrganizationHandler{parts, "read", std::move(log)}
{
}

HttpResponse OrganizationListHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const auto read = read_page(request);
    if (const auto* const bad = std::get_if<HttpResponse>(&read)) {
        return *bad;
    }
    const auto& wanted = std::get<Page>(read);
    const Result<OrganizationPage> page =
        organizations().list(requester_of(request, caller), wanted.after, wanted.limit);
    if (!page) {
        return failed(page.error(), request);
    }
    OrganizationsAnswer answer{.next_cursor = page->next, .timestamp = now()};
    for (const OrganizationRecord& organization : page->organizations) {
        answer.organizations.push_back(to_answer(organization));
    }
    return json_response(200, encode_organizations(answer));
}

OrganizationCreateHandler::OrganizationCreateHandler(const Parts& parts, Log log)
    : OrganizationHandler{parts, "admin", std::move(log)}
{
}

HttpResponse OrganizationCreateHandler::answer(const HttpRequest& request, const Principal& caller)
{
    if (!caller.operates_platform()) {
        return error(k_not_an_operator);
    }
    const auto parsed = parse_new_organization(request.body);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    const auto& wanted = std::get<NewOrganizationRequest>(parsed);
    const NewOrganization organization{
        .id = wanted.org_id.value_or(new_id(parts().random)),
        .name = wanted.name,
        .owner_id = wanted.owner_id,
        .free_limit = wanted.free_limit.value_or(k_usual_free_limit),
    };
    const Requester requester = requester_of(request, caller);
    const Result<OrganizationVerdict> created = organizations().create(requester, organization);
    if (!created) {
        return failed(created.error(), request);
    }
    if (*created != OrganizationVerdict::done) {
        return refused(*created);
    }
    const Result<OrganizationRecord> record = organizations().find(requester, organization.id);
    if (!record) {
        return failed(record.error(), request, k_organization_not_found);
    }
    HttpResponse response =
        json_response(201, encode_changed_organization(to_answer(*record), now()));
    response.headers.emplace_back("Location", "/organizations/" + organization.id);
    return response;
}

OrganizationDetailHandler::OrganizationDetailHandler(const Parts& parts, Log log)
    : OneOrganizationHandler{parts, "read", std::move(log)}
{
}

HttpResponse OrganizationDetailHandler::answer_for(
    const std::string& org_id,
    const HttpRequest& request,
    const Requester& requester
)
{
    const Result<OrganizationRecord> record = organizations().find(requester, org_id);
    if (!record) {
        return failed(record.error(), request, k_organization_not_found);
    }
    return json_response(200, encode_organization(to_answer(*record), now()));
}

OrganizationChangeHandler::OrganizationChangeHandler(const Parts& parts, Log log)
    : OneOrganizationHandler{parts, "deploy", std::move(log)}
{
}

HttpResponse OrganizationChangeHandler::answer_for(
    const std::string& org_id,
    const HttpRequest& request,
    const Requester& requester
)
{
    const auto parsed = parse_organization_changes(request.body);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    const Result<OrganizationVerdict> renamed = organizations().rename(
        requester, org_id, std::get<OrganizationChangesRequest>(parsed).name
    );
    if (!renamed) {
        return failed(renamed.error(), request);
    }
    if (*renamed != OrganizationVerdict::done) {
        return refused(*renamed);
    }
    const Result<OrganizationRecord> record = organizations().find(requester, org_id);
    if (!record) {
        return failed(record.error(), request, k_organization_not_found);
    }
    return json_response(200, encode_changed_organization(to_answer(*record), now()));
}

}  // namespace libra
