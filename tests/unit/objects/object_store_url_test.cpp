#include "shared/objects/object_store_url.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("a file URL names a directory")
{
    CHECK(object_store_directory("file:///var/lib/libra").value() == "/var/lib/libra");
    CHECK(object_store_directory("file:///with%20blank").value() == "/with blank");
}

TEST_CASE("a bucket is refused with a hint, because it is not supported yet")
{
    const auto outcome = object_store_directory("s3://bucket");

    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code == Errc::invalid_input);
    CHECK_THAT(outcome.error().detail, Catch::Contains("not supported yet"));
}

TEST_CASE("a URL that names no absolute directory is refused")
{
    for (const char* url :
         {"",
          "/var",
          "file://",
          "file://host/x",
          "file:///%",
          "file:///%zz",
          "file:///%00",
          "http://x/"}) {
        INFO(url);
        CHECK(object_store_directory(url).has_error());
    }
}

}  // namespace
}  // namespace libra
