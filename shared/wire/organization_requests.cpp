#include "shared/wire/organization_requests.hpp"

#include "shared/domain/rules.hpp"
#include "shared/wire/schemas.hpp"
#include "shared/wire/text_members.hpp"

#include <utility>

namespace libra {

namespace {

void check_name(const JsonValue& request, Findings& findings)
{
    const FoundMember found = locate(request, "name");
    if (found.value == nullptr || !found.value->IsString()) {
        return;
    }
    if (std::optional<std::string> problem = name_problem(text_of(*found.value))) {
        findings.add(Place{}.member("name", found.position), *std::move(problem));
    }
}

}  // namespace

std::variant<NewOrganizationRequest, Problems, Unreadable>
parse_new_organization(std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    const JsonValue& root = document->root();
    Findings findings;
    new_organization_schema().check(root, Place{}, findings);
    check_name(root, findings);
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    NewOrganizationRequest request{
        .name = std::string{text_of(root["name"])},
        .owner_id = std::string{text_of(root["ownerId"])},
    };
    if (const JsonValue* const id = locate(root, "orgId").value) {
        request.org_id = text_of(*id);
    }
    if (const JsonValue* const limit = locate(root, "freeLimit").value) {
        request.free_limit = limit->GetInt();
    }
    return request;
}

std::variant<OrganizationChangesRequest, Problems, Unreadable>
parse_organization_changes(std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    Findings findings;
    organization_changes_schema().check(document->root(), Place{}, findings);
    check_name(document->root(), findings);
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    return OrganizationChangesRequest{.name = std::string{text_of(document->root()["name"])}};
}

std::variant<NewMemberRequest, Problems, Unreadable> parse_new_member(std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    Findings findings;
    new_member_schema().check(document->root(), Place{}, findings);
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    return NewMemberRequest{.role = std::string{text_of(document->root()["role"])}};
}

std::variant<NewPlanRequest, Problems, Unreadable> parse_new_plan(std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    const JsonValue& root = document->root();
    Findings findings;
    new_plan_schema().check(root, Place{}, findings);
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    NewPlanRequest request{.limit = root["limit"].GetInt()};
    if (const JsonValue* const period = locate(root, "period").value) {
        request.period = text_of(*period);
    }
    return request;
}

}  // namespace libra
