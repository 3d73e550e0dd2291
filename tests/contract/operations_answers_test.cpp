#include "shared/wire/operations_answers.hpp"

#include "tests/support/schema_breaches.hpp"

#include <catch2/catch.hpp>

namespace libra::embedded {

std::string_view schema_audit_entries();
std::string_view schema_queue_overview();

}  // namespace libra::embedded

namespace libra::testing {

namespace {

constexpr UtcTime k_time{std::chrono::milliseconds{1'753'180'200'000}};  // 2025-07-22 10:30 UTC

}  // namespace

TEST_CASE("every answer about the queue obeys its schema")
{
    CHECK(breaches(embedded::schema_queue_overview(), encode_queue_overview({.timestamp = k_time}))
              .empty());
    CHECK(breaches(
              embedded::schema_queue_overview(),
              encode_queue_overview(
                  {.messages = 1, .consumers = 2, .completed_per_minute = 0.1, .timestamp = k_time}
              )
    )
              .empty());
}

TEST_CASE("every page of the audit log obeys its schema")
{
    const AuditEntryAnswer entry{
        .id = 1,
        .at = k_time,
        .actor = "ada",
        .action = "token.create",
        .subject = "t-1",
        .request_id = "r",
        .details_json = R"({"a":[1]})"};
    AuditEntryAnswer of_organization = entry;
    of_organization.org_id = "acme";

    CHECK(breaches(embedded::schema_audit_entries(), encode_audit({}, {}, k_time)).empty());
    CHECK(breaches(
              embedded::schema_audit_entries(), encode_audit({entry, of_organization}, "1", k_time)
    )
              .empty());
}

}  // namespace libra::testing
