#include "shared/wire/organization_answers.hpp"

#include "tests/support/schema_breaches.hpp"

#include <catch2/catch.hpp>

namespace libra::embedded {

std::string_view schema_organization_changed();
std::string_view schema_organization_shown();
std::string_view schema_organizations();
std::string_view schema_member_removed();
std::string_view schema_member_set();
std::string_view schema_members();
std::string_view schema_quota();

}  // namespace libra::embedded

namespace libra::testing {

namespace {

constexpr UtcTime k_time{std::chrono::milliseconds{1'753'180'200'000}};  // 2025-07-22 10:30 UTC

}  // namespace

TEST_CASE("every answer about organisations obeys its schema")
{
    const OrganizationAnswer member{
        .org_id = "acme", .name = "Acme \"1\"", .role = "owner", .created_at = k_time};
    const OrganizationAnswer foreign{.org_id = "b", .name = "B", .created_at = k_time};
    const MemberAnswer ada{.user_id = "ada", .role = "viewer"};

    CHECK(breaches(embedded::schema_organizations(), encode_organizations({.timestamp = k_time}))
              .empty());
    CHECK(breaches(
              embedded::schema_organizations(),
              encode_organizations(
                  {.organizations = {member, foreign}, .next_cursor = "b", .timestamp = k_time}
              )
    )
              .empty());
    CHECK(breaches(embedded::schema_organization_shown(), encode_organization(foreign, k_time))
              .empty());
    CHECK(breaches(
              embedded::schema_organization_changed(), encode_changed_organization(member, k_time)
    )
              .empty());
    CHECK(breaches(
              embedded::schema_members(),
              encode_members({.members = {ada}, .next_cursor = "ada", .timestamp = k_time})
    )
              .empty());
    CHECK(breaches(embedded::schema_member_set(), encode_set_member(ada, k_time)).empty());
    CHECK(breaches(embedded::schema_member_removed(), encode_removed_member("ada", "Gone.", k_time))
              .empty());
}

TEST_CASE("every quota obeys its schema")
{
    const PlanAnswer free{.plan = "free", .limit = 1, .used = 5, .resets_at = k_time};

    CHECK(breaches(
              embedded::schema_quota(),
              encode_quota({.org_id = "acme", .plans = {free}, .timestamp = k_time})
    )
              .empty());
    CHECK(breaches(embedded::schema_quota(), encode_quota({.org_id = "acme", .timestamp = k_time}))
              .empty());
}

}  // namespace libra::testing
