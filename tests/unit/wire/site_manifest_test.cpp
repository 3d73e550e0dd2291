#include "shared/wire/site_manifest.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("a site's manifest comes back as it was written")
{
    const SiteManifest manifest{
        {.path = "a \"b\".js", .bytes = 3, .content_type = "text/x", .digest = sha256("1")},
        {.path = "é", .digest = sha256("2")}};

    const auto read = decode_site_manifest(encode_site_manifest(manifest));

    REQUIRE(read.has_value());
    CHECK(*read == manifest);
    CHECK(decode_site_manifest(encode_site_manifest({}))->empty());
}

TEST_CASE("what is no manifest of a site is refused")
{
    for (const char* json :
         {"", "{}", R"({"version":2,"files":[]})", R"({"version":1,"files":[{}]})"}) {
        CAPTURE(json);
        CHECK(decode_site_manifest(json).error().code == Errc::invalid_input);
    }
}

}  // namespace
}  // namespace libra
