#include "shared/http/message.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("a path is read segment by segment")
{
    HttpRequest request;
    request.path = "/deployments/d-1//queue";

    CHECK(request.segment(0) == "deployments");
    CHECK(request.segment(1) == "d-1");
    CHECK(request.segment(2).empty());
    CHECK(request.segment(3) == "queue");
    CHECK(request.segment(4).empty());
}

TEST_CASE("a path without segments has empty ones")
{
    HttpRequest request;
    request.path = GENERATE("/", "*", "");

    CHECK(request.segment(0).empty());
    CHECK(request.segment(1).empty());
}

}  // namespace
}  // namespace libra
