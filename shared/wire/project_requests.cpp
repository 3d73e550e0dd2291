#include "shared/wire/project_requests.hpp"

#include "shared/domain/rules.hpp"
#include "shared/domain/site_address.hpp"
#include "shared/wire/build_settings.hpp"
#include "shared/wire/schemas.hpp"
#include "shared/wire/text_members.hpp"

#include <utility>

namespace libra {

namespace {

std::optional<std::string> text_member(const JsonValue& object, std::string_view name)
{
    const JsonValue* const text = locate(object, name).value;
    return text == nullptr ? std::nullopt : std::optional{std::string{text_of(*text)}};
}

/// Adds what `problem_of` says of the member, if it is there and a string.
template <class Rule>
void check_text(const JsonValue& object, std::string_view name, Findings& findings, Rule problem_of)
{
    const FoundMember found = locate(object, name);
    if (found.value == nullptr || !found.value->IsString()) {
        return;
    }
    if (std::optional<std::string> problem = problem_of(text_of(*found.value))) {
        findings.add(Place{}.member(name, found.position), *std::move(problem));
    }
}

}  // namespace

std::variant<NewProjectRequest, Problems, Unreadable> parse_new_project(std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    const JsonValue& request = document->root();
    Findings findings;
    new_project_schema().check(request, Place{}, findings);
    check_text(request, "name", findings, name_problem);
    check_text(request, "siteLabel", findings, label_problem);
    check_build_settings(request, findings);
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    return NewProjectRequest{
        .org_id = std::string{text_of(request["orgId"])},
        .name = std::string{text_of(request["name"])},
        .project_id = text_member(request, "projectId"),
        .site_label = text_member(request, "siteLabel"),
        .build = build_changes(request),
        .site_template = text_member(request, "template"),
    };
}

std::variant<ProjectChangesRequest, Problems, Unreadable>
parse_project_changes(std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    const JsonValue& request = document->root();
    Findings findings;
    project_changes_schema().check(request, Place{}, findings);
    check_text(request, "name", findings, name_problem);
    check_build_settings(request, findings);
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    ProjectChangesRequest changes{
        .name = text_member(request, "name"), .build = build_changes(request)};
    if (const JsonValue* const active = locate(request, "active").value) {
        changes.active = active->GetBool();
    }
    changes.site_template = text_member(request, "template");
    if (changes.site_template == "none") {
        changes.site_template = "";
    }
    return changes;
}

std::variant<NewDomainRequest, Problems, Unreadable>
parse_new_domain(std::string_view body, std::string_view platform_domain)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    const JsonValue& request = document->root();
    Findings findings;
    NewDomainRequest domain;
    new_domain_schema().check(request, Place{}, findings);
    check_text(request, "hostname", findings, [&](std::string_view text) {
        HostName host = check_custom_domain(text, platform_domain);
        domain.hostname = std::move(host.ascii);
        return host.problem.empty() ? std::nullopt : std::optional{std::move(host.problem)};
    });
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    return domain;
}

}  // namespace libra
