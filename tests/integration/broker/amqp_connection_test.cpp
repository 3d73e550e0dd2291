#include "shared/broker/amqp_connection.hpp"

#include "tests/support/broker_corner.hpp"
#include "tests/support/faulty_line.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::BrokerCorner;
using testing::FaultyLine;

TEST_CASE("a connection logs in and says goodbye")
{
    const BrokerCorner corner;

    auto connection = AmqpConnection::open(corner.endpoint());

    REQUIRE(connection.has_value());
    CHECK_FALSE(connection->next_event().value().has_value());
    CHECK(connection->close().has_value());
}

TEST_CASE("a wrong password is refused, and the error does not repeat it")
{
    const BrokerCorner corner;
    AmqpEndpoint endpoint = corner.endpoint();
    endpoint.password = Secret{"not-the-password"};

    const auto connection = AmqpConnection::open(endpoint);

    REQUIRE(connection.has_error());
    CHECK(connection.error().code == Errc::rejected);
    CHECK_THAT(connection.error().detail, !Catch::Contains("not-the-password"));
}

TEST_CASE("an unknown vhost is refused")
{
    const BrokerCorner corner;
    AmqpEndpoint endpoint = corner.endpoint();
    endpoint.vhost = "nowhere";

    const auto connection = AmqpConnection::open(endpoint);

    REQUIRE(connection.has_error());
    CHECK(connection.error().code == Errc::rejected);
    CHECK_THAT(connection.error().detail, Catch::Contains("nowhere"));
}

TEST_CASE("a broker that is not there is unavailable")
{
    const BrokerCorner corner;
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    line.go_down();

    const auto connection = AmqpConnection::open(corner.endpoint_at(line.port()));

    REQUIRE(connection.has_error());
    CHECK(connection.error().code == Errc::unavailable);
}

TEST_CASE("a broker that accepts and then says nothing is unavailable in the end")
{
    const BrokerCorner corner;
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    line.go_silent();
    AmqpEndpoint endpoint = corner.endpoint_at(line.port());
    endpoint.step_timeout = 200ms;

    const auto connection = AmqpConnection::open(endpoint);

    REQUIRE(connection.has_error());
    CHECK(connection.error().code == Errc::unavailable);
}

}  // namespace
}  // namespace libra
