#include "shared/site_rules/rule_pattern.hpp"

#include "shared/site_rules/url_text.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

std::optional<Captures> match(std::string_view pattern, std::string_view text)
{
    const auto compiled = RulePattern::compile(pattern, '/');
    REQUIRE(compiled.has_value());
    return compiled->match(text);
}

TEST_CASE("a pattern without placeholders matches itself")
{
    CHECK(match("/a/b", "/a/b"));
    CHECK_FALSE(match("/a/b", "/a/b/"));
    CHECK_FALSE(match("/a/b", "/A/b"));
    CHECK(RulePattern::compile("/a", '/')->literal());
    CHECK_FALSE(RulePattern::compile("/:a", '/')->literal());
}

TEST_CASE("a placeholder stands for what is left of one part of the path")
{
    CHECK(match("/movies/:title", "/movies/jaws") == Captures{{"title", "jaws"}});
    CHECK(match("/m-:id.html", "/m-7.html.html") == Captures{{"id", "7.html"}});
    CHECK(match("/:a/x/:b_2", "/1/x/2") == Captures{{"a", "1"}, {"b_2", "2"}});
    CHECK_FALSE(match("/movies/:title", "/movies/"));
    CHECK_FALSE(match("/movies/:title", "/movies/a/b"));
    CHECK_FALSE(match("/m-:id.html", "/m-.html"));
}

TEST_CASE("a splat stands for anything, also for nothing")
{
    CHECK(match("/*", "/") == Captures{{"splat", ""}});
    CHECK(match("/blog/*", "/blog/") == Captures{{"splat", ""}});
    CHECK(match("/blog/*", "/blog/a/b") == Captures{{"splat", "a/b"}});
    CHECK_FALSE(match("/blog/*", "/blog"));
    CHECK(match("/a*", "/abc/d") == Captures{{"splat", "bc/d"}});
    CHECK(match("/a/*/z", "/a/b/c/z") == Captures{{"splat", "b/c"}});
    CHECK(match("/*.jpg", "/x/y.jpg") == Captures{{"splat", "x/y"}});
    CHECK(
        match("/:l/*/:end", "/en/a/b/c") == Captures{{"l", "en"}, {"splat", "a/b"}, {"end", "c"}}
    );
    CHECK_FALSE(match("/a/*/z", "/a/z"));
    CHECK_FALSE(match("/aa*aa", "/aaa"));
}

TEST_CASE("a colon that begins no name is a colon")
{
    CHECK(match("/a:1", "/a:1"));
    CHECK(match("/:", "/:"));
    CHECK(filled_in("https://host:80/:x/:y", {{"x", "1"}}) == "https://host:80/1/:y");
}

TEST_CASE("patterns that could be understood in two ways are refused")
{
    for (const char* pattern : {"/*/*", "/**", "/:a:b", "/:a-:b", "/:a*", "/*:a", "/:a/:a"}) {
        CAPTURE(pattern);
        CHECK(RulePattern::compile(pattern, '/').has_error());
    }
}

TEST_CASE("a long hostile pattern and a long hostile path are matched in no time")
{
    std::string pattern = "/*";
    std::string path;
    for (int i = 0; i < 400; ++i) {
        pattern += "/:p" + std::to_string(i);
        path += "/a";
    }
    for (int i = 0; i < 100; ++i) {
        CHECK(match(pattern, path + "/a"));
        CHECK_FALSE(match(pattern + "/x", path + "/a"));
    }
}

TEST_CASE("a path has one canonical form")
{
    CHECK(canonical_path("/a%62c/%7e") == "/abc/~");
    CHECK(
        canonical_path("/stra\xC3\x9F"
                       "e") == "/stra%C3%9Fe"
    );
    CHECK(canonical_path("/stra%c3%9fe") == "/stra%C3%9Fe");
    CHECK(canonical_path("/a%2fb") == "/a%2Fb");
    CHECK(canonical_path("/100%") == "/100%25");
    CHECK(canonical_path("/a b\r\n") == "/a%20b%0D%0A");
    CHECK(canonical_path("/{x}?#") == "/%7Bx%7D%3F%23");
}

}  // namespace
}  // namespace libra
