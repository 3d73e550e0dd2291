#include "api-gateway/api/cors.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("in development pages of this machine are allowed on any port")
{
    const CorsPolicy cors = CorsPolicy::development();

    CHECK(cors.allows("http://localhost"));
    CHECK(cors.allows("http://localhost:3000"));
    CHECK(cors.allows("https://localhost:65535"));
    CHECK(cors.allows("http://127.0.0.1:5173"));
    CHECK_FALSE(cors.allows("http://localhost.evil.com"));
    CHECK_FALSE(cors.allows("http://localhost:"));
    CHECK_FALSE(cors.allows("http://localhost:80.evil.com"));
    CHECK_FALSE(cors.allows("http://localhost:123456"));
    CHECK_FALSE(cors.allows("http://127.0.0.11"));
    CHECK_FALSE(cors.allows("http://evil.com"));
    CHECK_FALSE(cors.allows("https://libra.dev"));
    CHECK_FALSE(cors.allows("null"));
    CHECK_FALSE(cors.allows(""));
}

TEST_CASE("in production the listed origins are allowed and no others")
{
    const CorsPolicy cors =
        CorsPolicy::production({"https://*.libra.dev", "https://libra.dev", "https://a.test:8443"});

    CHECK(cors.allows("https://libra.dev"));
    CHECK(cors.allows("https://app.libra.dev"));
    CHECK(cors.allows("https://a.b.libra.dev"));
    CHECK(cors.allows("https://App.Libra.dev"));
    CHECK(cors.allows("https://a.test:8443"));
    CHECK_FALSE(cors.allows("http://app.libra.dev"));
    CHECK_FALSE(cors.allows("https://evillibra.dev"));
    CHECK_FALSE(cors.allows("https://.libra.dev"));
    CHECK_FALSE(cors.allows("https://a..libra.dev"));
    CHECK_FALSE(cors.allows("https://libra.dev.evil.com"));
    CHECK_FALSE(cors.allows("https://evil.com/.libra.dev"));
    CHECK_FALSE(cors.allows("https://evil.com#.libra.dev"));
    CHECK_FALSE(cors.allows("https://user@x.libra.dev"));
    CHECK_FALSE(cors.allows("https://app.libra.dev:8443"));
    CHECK_FALSE(cors.allows("https://a.test"));
    CHECK_FALSE(cors.allows("http://localhost:3000"));
    CHECK_FALSE(cors.allows("null"));
}

TEST_CASE("a pattern is scheme and host, with a port perhaps")
{
    CHECK(is_origin_pattern("https://libra.dev"));
    CHECK(is_origin_pattern("https://*.libra.dev"));
    CHECK(is_origin_pattern("http://localhost:3000"));
    CHECK_FALSE(is_origin_pattern("libra.dev"));
    CHECK_FALSE(is_origin_pattern("*"));
    CHECK_FALSE(is_origin_pattern("https://libra.dev/"));
    CHECK_FALSE(is_origin_pattern("https://*"));
    CHECK_FALSE(is_origin_pattern("https://a.*.dev"));
    CHECK_FALSE(is_origin_pattern("https://libra.dev:"));
    CHECK_FALSE(is_origin_pattern("https://"));
}

}  // namespace
}  // namespace libra
