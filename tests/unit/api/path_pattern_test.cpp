#include "api-gateway/api/path_pattern.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("a pattern without parameters is matched by itself only")
{
    CHECK(matches("/", "/"));
    CHECK(matches("/docs/scalar.js", "/docs/scalar.js"));

    for (const char* const path : {"", "/", "/doc", "/docs/", "/docs/x", "//docs", "docs", "*"}) {
        CHECK_FALSE(matches("/docs", path));
    }
    CHECK_FALSE(matches("/", "//"));
    CHECK_FALSE(matches("/", "*"));
}

TEST_CASE("a parameter stands for one segment that is not empty")
{
    CHECK(matches("/a/{id}/b", "/a/1/b"));
    CHECK(matches("/a/{id}/b", "/a/{id}/b"));

    for (const char* const path : {"/a//b", "/a/b", "/a/1/2/b", "/a/1", "/a/1/", "/a/1/b/"}) {
        CHECK_FALSE(matches("/a/{id}/b", path));
    }
    CHECK_FALSE(matches("/a/{id}", "/a/"));
    CHECK_FALSE(matches("/{id}", "/"));
}

TEST_CASE("of two patterns the one that is literal where they first differ is preferred")
{
    CHECK(is_more_literal("/a/all", "/a/{id}"));
    CHECK_FALSE(is_more_literal("/a/{id}", "/a/all"));
    CHECK(is_more_literal("/a/b/{x}", "/a/{x}/c"));
    CHECK_FALSE(is_more_literal("/a/{x}/c", "/a/b/{x}"));
    CHECK_FALSE(is_more_literal("/a/{id}", "/a/{id}"));
}

}  // namespace
}  // namespace libra
