#pragma once

#include "shared/wire/problem.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// @file The bodies of requests about organisations. Pure functions.
///
/// Source of the rules: proto-schemas/new-organization.json, organization-changes.json,
/// new-member.json and new-plan.json.

namespace libra {

struct NewOrganizationRequest {
    std::optional<std::string> org_id{};
    std::string name{};
    std::string owner_id{};
    std::optional<int> free_limit{};
};

std::variant<NewOrganizationRequest, Problems, Unreadable>
parse_new_organization(std::string_view body);

struct OrganizationChangesRequest {
    std::string name{};
};

std::variant<OrganizationChangesRequest, Problems, Unreadable>
parse_organization_changes(std::string_view body);

struct NewMemberRequest {
    std::string role{};
};

std::variant<NewMemberRequest, Problems, Unreadable> parse_new_member(std::string_view body);

struct NewPlanRequest {
    int limit{};
    std::optional<std::string> period{};
};

std::variant<NewPlanRequest, Problems, Unreadable> parse_new_plan(std::string_view body);

}  // namespace libra
