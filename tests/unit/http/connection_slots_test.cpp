#include "shared/http/connection_slots.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace std::chrono_literals;

namespace libra {
namespace {

TEST_CASE("one address cannot take more than its share")
{
    ConnectionSlots slots{10, 1};
    const ConnectionSlot first = slots.take("1.2.3.4", true);

    CHECK(first.seat() == Seat::regular);
    CHECK(slots.take("1.2.3.4", true).seat() == Seat::standing);
    CHECK(slots.take("5.6.7.8", true).seat() == Seat::regular);
    CHECK(slots.take("1.2.3.4", false).seat() == Seat::regular);
}

TEST_CASE("a slot that is given back can be taken again")
{
    ConnectionSlots slots{1, 1};
    {
        const ConnectionSlot slot = slots.take("1.2.3.4", true);
        REQUIRE(slots.take("5.6.7.8", true).seat() == Seat::standing);
    }

    CHECK(slots.take("1.2.3.4", true).seat() == Seat::regular);
}

TEST_CASE("when even the standing room is full a connection is dropped")
{
    ConnectionSlots slots{0, 1};
    std::vector<ConnectionSlot> standing;
    while (true) {
        ConnectionSlot slot = slots.take("1.2.3.4", true);
        if (slot.seat() == Seat::full) {
            break;
        }
        standing.push_back(std::move(slot));
    }

    CHECK(standing.size() == 64);
}

TEST_CASE("waiting for the last connection ends at its limit")
{
    ConnectionSlots slots{1, 1};
    CHECK(slots.wait_until_empty(0ms));

    const ConnectionSlot slot = slots.take("1.2.3.4", true);

    CHECK_FALSE(slots.wait_until_empty(1ms));
}

}  // namespace
}  // namespace libra
