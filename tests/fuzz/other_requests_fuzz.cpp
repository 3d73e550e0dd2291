#include "shared/domain/rules.hpp"
#include "shared/domain/site_address.hpp"
#include "shared/domain/variable_rules.hpp"
#include "shared/domain/webhook_rules.hpp"
#include "shared/wire/account_requests.hpp"
#include "shared/wire/json_writer.hpp"
#include "shared/wire/letter_requests.hpp"
#include "shared/wire/optional_members.hpp"
#include "shared/wire/organization_requests.hpp"
#include "shared/wire/project_requests.hpp"
#include "shared/wire/rollback_request.hpp"
#include "shared/wire/upload_bodies.hpp"
#include "shared/wire/variable_requests.hpp"
#include "shared/wire/webhook_requests.hpp"
#include "tests/fuzz/verdicts.hpp"

#include <algorithm>
#include <array>

/// @file Every request body but that of POST /deploy. Each parser gets each input: most of a body
/// is the same for all of them.

namespace libra::fuzz {

namespace {

constexpr std::string_view k_platform{"libra.dev"};
constexpr std::size_t k_most_files = 8;

bool good_id(const std::optional<std::string>& id)
{
    return !id || !id_problem(*id);
}

void check_projects(std::string_view body)
{
    const auto verdict = parse_new_project(body);
    if (const auto* const project = accepted(verdict, body)) {
        must(good_id(project->org_id) && good_id(project->project_id), "a project has good ids");
        must(!name_problem(project->name), "a project has a good name");
        must(!project->site_label || !label_problem(*project->site_label), "and a good label");
        JsonWriter json;
        json.begin_object().key("orgId").text(project->org_id).key("name").text(project->name);
        write_optional(json, "projectId", project->project_id);
        write_optional(json, "siteLabel", project->site_label);
        write_optional(json, "template", project->site_template);
        const auto again = parse_new_project(json.end_object().take());
        must(std::get<NewProjectRequest>(again) == *project, "a project is read as it was written");
    }
    const auto changed = parse_project_changes(body);
    if (const auto* const changes = accepted(changed, body)) {
        must(!changes->name || !name_problem(*changes->name), "a changed name is good");
    }
    const auto added = parse_new_domain(body, k_platform);
    if (const auto* const domain = accepted(added, body)) {
        const HostName again = check_custom_domain(domain->hostname, k_platform);
        must(again.problem.empty() && again.ascii == domain->hostname, "a host name is normal");
    }
    const auto rolled = parse_rollback_request(body);
    if (const auto* const rollback = accepted(rolled, body)) {
        must(good_id(rollback->deployment_id), "a deployment to go back to has a good id");
    }
}

void check_variables(std::string_view body)
{
    const auto verdict = parse_variable(body);
    if (const auto* const variable = accepted(verdict, body)) {
        must(variable->value.size() <= k_max_variable_bytes, "a value is not too large");
        JsonWriter json;
        json.begin_object().key("value").text(variable->value);
        json.key("secret").boolean(variable->secret).end_object();
        const auto again = parse_variable(json.take());
        must(std::get<VariableRequest>(again) == *variable, "a value is read as it was written");
    }
}

void check_organizations(std::string_view body)
{
    const auto verdict = parse_new_organization(body);
    if (const auto* const organization = accepted(verdict, body)) {
        must(good_id(organization->org_id) && good_id(organization->owner_id), "it has good ids");
        must(!name_problem(organization->name), "an organisation has a good name");
        must(organization->free_limit.value_or(0) >= 0, "a limit is not negative");
    }
    const auto changed = parse_organization_changes(body);
    if (const auto* const changes = accepted(changed, body)) {
        must(!name_problem(changes->name), "a changed name is good");
    }
    const auto joined = parse_new_member(body);
    if (const auto* const member = accepted(joined, body)) {
        constexpr std::array<std::string_view, 4> k_roles{"owner", "admin", "member", "viewer"};
        must(
            std::find(k_roles.begin(), k_roles.end(), member->role) != k_roles.end(),
            "a member has a known role"
        );
    }
    const auto planned = parse_new_plan(body);
    if (const auto* const plan = accepted(planned, body)) {
        must(plan->limit >= 0, "a limit is not negative");
    }
}

void check_accounts(std::string_view body)
{
    const auto verdict = parse_new_token_request(body);
    if (const auto* const token = accepted(verdict, body)) {
        must(!token->scopes.empty() && token->scopes.size() <= 3, "a token has 1 to 3 scopes");
        must(token->expires_in_days.value_or(1) >= 1, "a token does not end before it begins");
        must(good_id(token->user_id), "a token is somebody's");
    }
    const auto begun = parse_new_session_request(body);
    if (const auto* const session = accepted(begun, body)) {
        must(session->expires_in_days.value_or(1) >= 1, "a session does not end before it begins");
        must(good_id(session->user_id), "a session is somebody's");
    }
}

void check_webhooks(std::string_view body)
{
    const auto verdict = parse_new_webhook(body);
    if (const auto* const webhook = accepted(verdict, body)) {
        must(!webhook_url_problem(webhook->url), "a webhook has a good URL");
        must(!webhook->events.empty(), "a webhook is told of something");
    }
    const auto changed = parse_webhook_changes(body);
    if (const auto* const changes = accepted(changed, body)) {
        must(!changes->url || !webhook_url_problem(*changes->url), "a changed URL is good");
        must(!changes->events || !changes->events->empty(), "it is still told of something");
    }
}

void check_letters_and_files(std::string_view body)
{
    const auto verdict = parse_redrive_request(body);
    if (const auto* const redrive = accepted(verdict, body)) {
        must(good_id(redrive->project_id) && good_id(redrive->org_id), "a redrive has good ids");
    }
    const auto discarded = parse_discard_request(body);
    if (const auto* const discard = accepted(discarded, body)) {
        must(discard->reason.find_first_not_of(" \t\r\n") != std::string::npos, "a reason says so");
    }
    const auto asked = parse_missing_files_request(body, k_most_files);
    if (const auto* const files = accepted(asked, body)) {
        must(files->digests.size() <= k_most_files, "no more digests than allowed");
        must(good_id(files->org_id), "files are asked for in an organisation");
    }
}

}  // namespace

void try_input(std::string_view input)
{
    check_projects(input);
    check_variables(input);
    check_organizations(input);
    check_accounts(input);
    check_webhooks(input);
    check_letters_and_files(input);
}

}  // namespace libra::fuzz
