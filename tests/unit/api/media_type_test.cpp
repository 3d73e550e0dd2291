#include "api-gateway/api/media_type.hpp"

#include <catch2/catch.hpp>

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

}  // namespace
}  // namespace libra
