#include "shared/wire/organization_answers.hpp"

#include "shared/wire/json_writer.hpp"
#include "shared/wire/optional_members.hpp"

#include <algorithm>

namespace libra {

namespace {

void write_organization(JsonWriter& json, const OrganizationAnswer& organization)
{
    json.begin_object().key("orgId").text(organization.org_id);
    json.key("name").text(organization.name);
    write_optional(json, "role", organization.role);
    json.key("createdAt").text(to_rfc3339(organization.created_at)).end_object();
}

void write_member(JsonWriter& json, const MemberAnswer& member)
{
    json.begin_object().key("userId").text(member.user_id);
    json.key("role").text(member.role).end_object();
}

/// The members, without the braces.
void write_plan(JsonWriter& json, const PlanAnswer& plan)
{
    json.key("plan").text(plan.plan).key("limit").number(plan.limit);
    json.key("used").number(plan.used).key("remaining").number(plan.remaining());
    json.key("resetsAt").text(to_rfc3339(plan.resets_at));
}

std::string end_with(JsonWriter& json, UtcTime timestamp)
{
    json.key("timestamp").text(to_rfc3339(timestamp)).end_object();
    return json.take();
}

}  // namespace

std::string encode_organizations(const OrganizationsAnswer& answer)
{
    JsonWriter json;
    json.begin_object().key("organizations").begin_array();
    for (const OrganizationAnswer& organization : answer.organizations) {
        write_organization(json, organization);
    }
    json.end_array();
    write_optional(json, "nextCursor", answer.next_cursor);
    return end_with(json, answer.timestamp);
}

std::string encode_organization(const OrganizationAnswer& organization, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("organization");
    write_organization(json, organization);
    return end_with(json, timestamp);
}

std::string encode_changed_organization(const OrganizationAnswer& organization, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true).key("organization");
    write_organization(json, organization);
    return end_with(json, timestamp);
}

std::string encode_members(const MembersAnswer& answer)
{
    JsonWriter json;
    json.begin_object().key("members").begin_array();
    for (const MemberAnswer& member : answer.members) {
        write_member(json, member);
    }
    json.end_array();
    write_optional(json, "nextCursor", answer.next_cursor);
    return end_with(json, answer.timestamp);
}

std::string encode_set_member(const MemberAnswer& member, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true).key("member");
    write_member(json, member);
    return end_with(json, timestamp);
}

std::string
encode_removed_member(std::string_view user_id, std::string_view message, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true);
    json.key("userId").text(user_id).key("message").text(message);
    return end_with(json, timestamp);
}

std::string encode_quota(const QuotaOverview& quota)
{
    JsonWriter json;
    json.begin_object().key("orgId").text(quota.org_id);
    const auto next =
        std::find_if(quota.plans.begin(), quota.plans.end(), [](const PlanAnswer& plan) {
            return plan.remaining() > 0;
        });
    if (quota.plans.empty()) {
        json.key("plan").text("none").key("limit").number(0);
        json.key("used").number(0).key("remaining").number(0);
    } else {
        write_plan(json, next == quota.plans.end() ? quota.plans.back() : *next);
    }
    json.key("plans").begin_array();
    for (const PlanAnswer& plan : quota.plans) {
        json.begin_object();
        write_plan(json, plan);
        json.end_object();
    }
    json.end_array();
    return end_with(json, quota.timestamp);
}

}  // namespace libra
