#include "shared/broker/amqp_topology.hpp"

#include "tests/support/broker_corner.hpp"
#include "tests/support/consumer_bench.hpp"
#include "tests/support/eventually.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using testing::BrokerCorner;
using testing::ConsumerBench;
using testing::eventually;

TEST_CASE("declaring the topology twice changes nothing")
{
    BrokerCorner corner;
    corner.declare();
    corner.put("kept");

    corner.declare();

    std::optional<std::string> kept;
    CHECK(eventually([&] { return (kept = corner.take()).has_value(); }));
    CHECK(kept == "kept");
}

TEST_CASE("a queue that exists with other settings is named in the error")
{
    BrokerCorner corner;
    corner.declare();
    BrokerTopology other = corner.topology();
    other.max_length = 7;
    auto connection = AmqpConnection::open(corner.endpoint()).value();

    const auto outcome = declare_topology(connection, other);

    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code == Errc::rejected);
    CHECK_THAT(
        outcome.error().detail,
        Catch::Contains("queue " + other.queue + " exists with other settings") &&
            Catch::Contains("x-max-length")
    );
}

TEST_CASE("a message given back too often becomes a dead letter")
{
    BrokerCorner corner;
    corner.topology().delivery_limit = 1;
    corner.declare();
    corner.put("poison");
    ConsumerBench bench{corner.endpoint(), corner.topology()};

    static_cast<void>(bench.next());
    static_cast<void>(bench.next());

    std::optional<std::string> dead;
    CHECK(eventually([&] {
        return (dead = corner.take(corner.topology().dead_letter_queue)).has_value();
    }));
    CHECK(dead == "poison");
}

}  // namespace
}  // namespace libra
