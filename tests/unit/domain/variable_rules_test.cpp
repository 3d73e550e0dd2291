#include "shared/domain/variable_rules.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("a variable may have a name that every shell takes")
{
    for (const char* const good :
         {"A", "_", "api_key", "VITE_API_URL", "X1", "NPM_TOKEN", "npm_config_registry", "LDX"}) {
        CAPTURE(good);
        CHECK_FALSE(variable_name_problem(good).has_value());
    }
    CHECK_FALSE(variable_name_problem(std::string(128, 'A')).has_value());
}

TEST_CASE("any other name is refused")
{
    for (const char* const bad : {"", "1A", "A-B", "A B", "A=B", "Ä", "a.b"}) {
        CAPTURE(bad);
        CHECK(variable_name_problem(bad).has_value());
    }
    CHECK(variable_name_problem(std::string(129, 'A')).has_value());
    CHECK(variable_name_problem(std::string{"A\0B", 3}).has_value());
}

TEST_CASE("names that the sandbox sets or obeys are reserved, in whatever case")
{
    for (const char* const name :
         {"PATH",
          "Path",
          "HOME",
          "LD_PRELOAD",
          "ld_library_path",
          "NODE_OPTIONS",
          "CI",
          "npm_config_prefix",
          "NPM_CONFIG_CACHE"}) {
        CAPTURE(name);
        CHECK_THAT(variable_name_problem(name).value_or(""), Catch::Contains("reserved"));
    }
}

TEST_CASE("a secret is bound to its project and its name")
{
    CHECK(variable_binding("shop", "TOKEN") != variable_binding("shop2", "TOKEN"));
    CHECK(variable_binding("shop", "TOKEN") != variable_binding("shop", "TOKEN2"));
}

}  // namespace
}  // namespace libra
