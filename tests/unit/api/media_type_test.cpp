#include "api-gateway/api/media_type.hpp"

#include <catch2/catch.hpp>

#include <array>

namespace libra {
namespace {

TEST_CASE("JSON is recognised with and without its charset")
{
    CHECK(is_json("application/json"));
    CHECK(is_json("Application/JSON"));
    CHECK(is_json("application/json; charset=utf-8"));
    CHECK(is_json("application/json;charset=UTF-8"));
    CHECK(is_json("application/json ; charset=\"utf-8\""));
    CHECK(is_json("application/json;"));
}

TEST_CASE("nothing else is JSON")
{
    CHECK_FALSE(is_json(""));
    CHECK_FALSE(is_json("text/plain"));
    CHECK_FALSE(is_json("application/x-www-form-urlencoded"));
    CHECK_FALSE(is_json("application/jsonx"));
    CHECK_FALSE(is_json("text/plain; application/json"));
    CHECK_FALSE(is_json("application/json; charset=latin1"));
}

std::string_view preferred(std::string_view accept)
{
    static constexpr std::array<std::string_view, 3> k_offered{
        "application/json", "text/plain", "application/x-ndjson"};
    return preferred_media_type(accept, k_offered);
}

TEST_CASE("without a preference the usual form is given")
{
    for (const char* const accept : {"", "*/*", "application/*", "text/*;q=0.5, */*"}) {
        CAPTURE(accept);
        CHECK(preferred(accept) == "application/json");
    }
}

TEST_CASE("the form that is preferred is given")
{
    CHECK(preferred("text/plain") == "text/plain");
    CHECK(preferred("Text/Plain; charset=utf-8") == "text/plain");
    CHECK(preferred("text/*") == "text/plain");
    CHECK(preferred("text/html, application/x-ndjson;q=0.9, */*;q=0.1") == "application/x-ndjson");
    CHECK(preferred("application/json;q=0.5,text/plain;q=0.55") == "text/plain");
    CHECK(preferred("application/json; q=1.0, text/plain") == "application/json");
}

TEST_CASE("the most exact word on a form counts")
{
    CHECK(preferred("*/*, application/json;q=0") == "text/plain");
    CHECK(
        preferred("application/json;q=0, application/*, text/plain;q=0.9") == "application/x-ndjson"
    );
}

TEST_CASE("a form nobody offers, and a quality nobody can read, leave the usual one")
{
    for (const char* const accept :
         {"image/png",
          "text/plain;q=",
          "text/plain;q=2",
          "text/plain;q=0.1234",
          "text/plain;q=0.x",
          ",,;,",
          "text/plain;q=0"}) {
        CAPTURE(accept);
        CHECK(preferred(accept) == "application/json");
    }
}

TEST_CASE("bytes of any kind are recognised by their one name")
{
    CHECK(is_octet_stream("application/octet-stream"));
    CHECK(is_octet_stream(" Application/Octet-Stream "));
    CHECK_FALSE(is_octet_stream(""));
    CHECK_FALSE(is_octet_stream("application/json"));
    CHECK_FALSE(is_octet_stream("application/octet-stream; charset=utf-8"));
}

}  // namespace
}  // namespace libra
