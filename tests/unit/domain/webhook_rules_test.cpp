#include "shared/domain/webhook_rules.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;

TEST_CASE("http and https URLs with a host are good")
{
    for (const char* url :
         {"https://hooks.example.com",
          "http://example.com:8080/a/b?c=d&e=%20",
          "https://192.0.2.1/x",
          "https://[2001:db8::1]:8443/",
          "https://example.com?x@y"}) {
        CAPTURE(url);
        CHECK_FALSE(webhook_url_problem(url).has_value());
    }
    CHECK_FALSE(webhook_url_problem("https://a/" + std::string(2038, 'x')).has_value());
}

TEST_CASE("of a bad URL the problem is told without repeating it")
{
    const auto [url, problem] = GENERATE(
        std::pair{"", "must begin with"},
        std::pair{"example.com/x", "must begin with"},
        std::pair{"ftp://example.com/", "must begin with"},
        std::pair{"HTTPS://example.com/", "must begin with"},
        std::pair{"file:///etc/passwd", "must begin with"},
        std::pair{"https:///x", "has no host"},
        std::pair{"https://:80/", "has no host"},
        std::pair{"https://[]/", "has no host"},
        std::pair{"https://[::1/", "has no host"},
        std::pair{"https://ada:pw@example.com/", "user or password"},
        std::pair{"https://example.com:0/", "port"},
        std::pair{"https://example.com:65536/", "port"},
        std::pair{"https://example.com:80x/", "port"},
        std::pair{"https://[::1]x/", "port"},
        std::pair{"https://example.com/#top", "fragment"},
        std::pair{"https://example.com/a b", "percent-encoded"},
        std::pair{"https://example.com/a\nb", "percent-encoded"},
        std::pair{
            "https://b\xC3\xBC"
            "cher.example/",
            "percent-encoded"}
    );
    CAPTURE(url);
    const auto found = webhook_url_problem(url);
    REQUIRE(found.has_value());
    CHECK_THAT(*found, Contains(problem));
}

TEST_CASE("a URL may be 2048 bytes long and no longer")
{
    const auto found = webhook_url_problem("https://a/" + std::string(2039, 'x'));
    REQUIRE(found.has_value());
    CHECK_THAT(*found, Contains("2048"));
}

}  // namespace
}  // namespace libra
