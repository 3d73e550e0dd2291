#include "shared/domain/site_manifest.hpp"

#include "shared/domain/media_types.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("what follows the last dot of a file's name says what it is served as")
{
    CHECK(media_type_of("index.html") == "text/html; charset=utf-8");
    CHECK(media_type_of("a.b/app.min.js") == "text/javascript; charset=utf-8");
    CHECK(media_type_of("img/PHOTO.JPG") == "image/jpeg");
    CHECK(media_type_of("font.woff2") == "font/woff2");
    CHECK(media_type_of("LICENSE") == "application/octet-stream");
    CHECK(media_type_of("a.js/LICENSE") == "application/octet-stream");
    CHECK(media_type_of("x.unheard-of") == "application/octet-stream");
    CHECK(media_type_of("") == "application/octet-stream");
}

TEST_CASE("a site's digest follows its paths and contents, and nothing else")
{
    const SiteManifest one{{.path = "a", .bytes = 1, .content_type = "x", .digest = sha256("1")}};
    SiteManifest other = one;
    other[0].content_type = "y";
    CHECK(digest_of(one) == digest_of(other));

    other[0].path = "b";
    CHECK(digest_of(one) != digest_of(other));
    CHECK(digest_of(one) != digest_of({}));
}

}  // namespace
}  // namespace libra
