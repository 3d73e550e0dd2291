#pragma once

#include "shared/base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file The JSON bodies of answers about organisations and quotas. Pure functions.

namespace libra {

struct OrganizationAnswer {
    std::string org_id{};
    std::string name{};
    std::optional<std::string> role{};
    UtcTime created_at{};
};

struct OrganizationsAnswer {
    std::vector<OrganizationAnswer> organizations{};
    std::optional<std::string> next_cursor{};
    UtcTime timestamp{};
};

std::string encode_organizations(const OrganizationsAnswer& answer);
std::string encode_organization(const OrganizationAnswer& organization, UtcTime timestamp);
std::string encode_changed_organization(const OrganizationAnswer& organization, UtcTime timestamp);

struct MemberAnswer {
    std::string user_id{};
    std::string role{};
};

struct MembersAnswer {
    std::vector<MemberAnswer> members{};
    std::optional<std::string> next_cursor{};
    UtcTime timestamp{};
};

std::string encode_members(const MembersAnswer& answer);
std::string encode_set_member(const MemberAnswer& member, UtcTime timestamp);
std::string
encode_removed_member(std::string_view user_id, std::string_view message, UtcTime timestamp);

struct PlanAnswer {
    std::string plan{};
    std::int64_t limit{};
    std::int64_t used{};
    UtcTime resets_at{};

    /// Not below zero, though a limit may be lowered below what is used.
    std::int64_t remaining() const { return limit > used ? limit - used : 0; }
};

struct QuotaOverview {
    std::string org_id{};
    std::vector<PlanAnswer> plans{};  // in the order in which they are used up
    UtcTime timestamp{};
};

std::string encode_quota(const QuotaOverview& quota);

}  // namespace libra
