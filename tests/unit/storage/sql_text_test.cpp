#include "shared/storage/sql_text.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

const std::string k_replacement{"\xEF\xBF\xBD"};

TEST_CASE("valid text stays as it is")
{
    const std::string text = "a\t\x7f \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80 \xEE\x80\x80";

    CHECK(database_text(text) == text);
}

TEST_CASE("bytes that are no text are replaced one by one")
{
    CHECK(database_text(std::string{"a\0b", 3}) == "a" + k_replacement + "b");
    CHECK(database_text("\xFF") == k_replacement);
    CHECK(database_text("\xC3") == k_replacement);                      // cut off
    CHECK(database_text("\xC3(") == k_replacement + "(");               // no continuation
    CHECK(database_text("\xC0\x80") == k_replacement + k_replacement);  // too long a form
    CHECK(database_text("\xE0\x80\x80").size() == 3 * k_replacement.size());
    CHECK(database_text("\xED\xA0\x80").size() == 3 * k_replacement.size());  // surrogate
    CHECK(database_text("\xF4\x90\x80\x80").size() == 4 * k_replacement.size());
    CHECK(database_text("\xE2\x82").size() == 2 * k_replacement.size());
}

TEST_CASE("arrays quote every text item")
{
    CHECK(text_array({}) == "{}");
    CHECK(text_array({"a", "", "NULL"}) == R"({"a","","NULL"})");
    CHECK(text_array({R"(x"y\z,{})"}) == R"({"x\"y\\z,{}"})");
}

TEST_CASE("arrays of numbers")
{
    CHECK(bigint_array({}) == "{}");
    CHECK(bigint_array({1, -2, 3}) == "{1,-2,3}");
}

}  // namespace
}  // namespace libra
