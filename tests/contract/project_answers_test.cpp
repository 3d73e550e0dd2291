#include "shared/wire/project_answers.hpp"

#include "tests/support/schema_breaches.hpp"

#include <catch2/catch.hpp>

namespace libra::embedded {

std::string_view schema_domain_added();
std::string_view schema_domain_removed();
std::string_view schema_domains();
std::string_view schema_project_changed();
std::string_view schema_project_deleted();
std::string_view schema_project_shown();
std::string_view schema_projects();

}  // namespace libra::embedded

namespace libra::testing {

namespace {

constexpr UtcTime k_time{std::chrono::milliseconds{1'753'180'200'000}};  // 2025-07-22 10:30 UTC

ProjectAnswer project()
{
    return {
        .project_id = "shop-42",
        .org_id = "acme",
        .name = "Shop \"42\"",
        .url = "http://shop.localhost:8080/",
        .active = true,
        .status = "deployed",
        .live_deployment = "4f1c",
        .created_at = k_time};
}

}  // namespace

TEST_CASE("every answer about projects obeys its schema")
{
    ProjectAnswer fresh = project();
    fresh.live_deployment.reset();
    fresh.status = "idle";
    fresh.site_template = "react-vite";

    CHECK(breaches(embedded::schema_projects(), encode_projects({.timestamp = k_time})).empty());
    CHECK(breaches(
              embedded::schema_projects(),
              encode_projects(
                  {.projects = {project(), fresh}, .next_cursor = "shop-42", .timestamp = k_time}
              )
    )
              .empty());
    CHECK(breaches(embedded::schema_project_shown(), encode_project(fresh, k_time)).empty());
    CHECK(breaches(embedded::schema_project_changed(), encode_changed_project(project(), k_time))
              .empty());
    CHECK(breaches(
              embedded::schema_project_deleted(), encode_deleted_project("shop-42", "Gone.", k_time)
    )
              .empty());
}

TEST_CASE("every answer about domains obeys its schema")
{
    const DomainAnswer domain{.hostname = "shop.example.com", .created_at = k_time};

    CHECK(breaches(embedded::schema_domains(), encode_domains({}, k_time)).empty());
    CHECK(breaches(embedded::schema_domains(), encode_domains({domain}, k_time)).empty());
    CHECK(breaches(embedded::schema_domain_added(), encode_added_domain(domain, k_time)).empty());
    CHECK(breaches(
              embedded::schema_domain_removed(),
              encode_removed_domain("shop.example.com", "Gone.", k_time)
    )
              .empty());
}

}  // namespace libra::testing
