#include "shared/wire/variable_answers.hpp"

#include "tests/support/schema_breaches.hpp"

#include <catch2/catch.hpp>

namespace libra::embedded {

std::string_view schema_variable_removed();
std::string_view schema_variable_set();
std::string_view schema_variables();

}  // namespace libra::embedded

namespace libra::testing {

TEST_CASE("every answer about variables obeys its schema")
{
    constexpr UtcTime k_time{std::chrono::milliseconds{1'753'180'200'000}};  // 2025-07-22 10:30 UTC
    const VariableAnswer plain{.name = "API", .value = "a\nb", .updated_at = k_time};
    const VariableAnswer secret{.name = "TOKEN", .secret = true, .updated_at = k_time};

    CHECK(breaches(embedded::schema_variables(), encode_variables({}, k_time)).empty());
    CHECK(breaches(embedded::schema_variables(), encode_variables({plain, secret}, k_time)).empty()
    );
    CHECK(breaches(embedded::schema_variable_set(), encode_set_variable(plain, k_time)).empty());
    CHECK(breaches(embedded::schema_variable_set(), encode_set_variable(secret, k_time)).empty());
    CHECK(breaches(
              embedded::schema_variable_removed(), encode_removed_variable("API", "Gone.", k_time)
    )
              .empty());
}

}  // namespace libra::testing
