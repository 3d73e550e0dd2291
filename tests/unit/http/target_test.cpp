#include "shared/http/target.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("a target is split into a decoded path and a decoded query")
{
    const std::optional<RequestTarget> target =
        parse_target("/a%20b/c?id=x%2Fy&empty=&flag&id=second");

    REQUIRE(target);
    CHECK(target->raw_path == "/a%20b/c");
    CHECK(target->path == "/a b/c");
    REQUIRE(target->query.size() == 4);
    CHECK(target->query[0].name == "id");
    CHECK(target->query[0].value == "x/y");
    CHECK(target->query[1].value.empty());
    CHECK(target->query[2].name == "flag");
}

TEST_CASE("the absolute form means the same as the origin form")
{
    const std::optional<RequestTarget> target = parse_target("http://api.example:3008/health?x=1");

    REQUIRE(target);
    CHECK(target->path == "/health");
    CHECK(target->query.size() == 1);
    CHECK(parse_target("http://api.example")->path == "/");
    CHECK(parse_target("HTTPS://[::1]?x=1")->path == "/");
    CHECK(parse_target("HTTPS://[::1]?x=1")->query.size() == 1);
}

TEST_CASE("the asterisk form is its own path")
{
    CHECK(parse_target("*")->path == "*");
}

TEST_CASE("what is no target is refused")
{
    const char* const text = GENERATE(
        "",
        "health",
        "api.example:443",
        "/a b",
        "/%zz",
        "/a#fragment",
        "mailto:a@b",
        "//[",
        "http://api.example:3008'health",
        "http:health",
        "http:\xAF",
        "http://api.example\xAF",
        "http:///health",
        "ftp://api.example/health",
        "http://api.example#fragment"
    );

    CHECK_FALSE(parse_target(text).has_value());
}

}  // namespace
}  // namespace libra
