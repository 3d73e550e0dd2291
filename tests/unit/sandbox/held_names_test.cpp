#include "deploy-worker/sandbox/held_names.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("a name is held by one at a time, until it is given back")
{
    HeldNames names;

    auto first = names.hold("a");
    const auto second = names.hold("a");
    const auto other = names.hold("b");
    const bool while_held = names.holds("a");
    first.reset();

    CHECK_FALSE(second);
    CHECK(other);
    CHECK(while_held);
    CHECK_FALSE(names.holds("a"));
    CHECK(names.hold("a"));
}

}  // namespace
}  // namespace libra
