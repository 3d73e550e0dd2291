#include "tests/support/broker_corner.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/faulty_line.hpp"
#include "tests/support/publisher_bench.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::BrokerCorner;
using testing::eventually;
using testing::FaultyLine;
using testing::PublisherBench;

/// As the broker sends them: method frames of class 10 on channel 0. Source: AMQP 0-9-1 with
/// RabbitMQ's extension "blocked connections".
std::string blocked_frame()
{
    return {"\x01\x00\x00\x00\x00\x00\x08\x00\x0a\x00\x3c\x03low\xce", 16};
}

std::string unblocked_frame()
{
    return {"\x01\x00\x00\x00\x00\x00\x04\x00\x0a\x00\x3d\xce", 12};
}

/// Notices a silent broker by asking, and by nothing else: everything else is far too slow.
const PublisherPolicy k_only_asks{.times = {.confirm_within = 60s, .check_within = 60s}};

AmqpEndpoint without_heartbeat(AmqpEndpoint endpoint)
{
    endpoint.heartbeat = 0s;
    return endpoint;
}

TEST_CASE("a publisher without a broker answers unavailable at once and stays unhealthy")
{
    BrokerCorner corner;
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    line.go_down();
    PublisherBench bench{corner.endpoint_at(line.port()), corner.topology()};
    REQUIRE(eventually([&] { return line.connections() >= 3; }));

    const auto answer = bench.publish(bench.message("1"));

    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::unavailable);
    CHECK_FALSE(bench.publisher().healthy());
}

TEST_CASE("a publisher notices that its broker went away, and comes back with it")
{
    BrokerCorner corner;
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    PublisherBench bench{corner.endpoint_at(line.port()), corner.topology()};
    bench.wait_until_healthy();

    line.go_down();
    CHECK(eventually([&] { return !bench.publisher().healthy(); }));
    line.restore();

    bench.wait_until_healthy();
    CHECK(bench.publish(bench.message("1")).has_value());
}

TEST_CASE("a broker that falls silent is noticed by its missing answers")
{
    BrokerCorner corner;
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    PublisherBench bench{
        without_heartbeat(corner.endpoint_at(line.port())), corner.topology(), k_only_asks};
    bench.wait_until_healthy();

    line.go_silent();
    CHECK(eventually([&] { return !bench.publisher().healthy(); }));
    line.restore();

    bench.wait_until_healthy();
}

TEST_CASE("a silent broker is noticed as well while a publish is waiting for it")
{
    BrokerCorner corner;
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    PublisherBench bench{
        without_heartbeat(corner.endpoint_at(line.port())), corner.topology(), k_only_asks};
    bench.wait_until_healthy();
    line.go_silent();
    std::jthread caller{[&] { static_cast<void>(bench.publish(bench.message("1"))); }};

    CHECK(eventually([&] { return !bench.publisher().healthy(); }));

    line.restore();
    bench.wait_until_healthy();
}

TEST_CASE("publishing to a broker that has stopped reading comes to an end")
{
    BrokerCorner corner;
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    AmqpEndpoint endpoint = corner.endpoint_at(line.port());
    endpoint.step_timeout = 500ms;
    PublisherBench bench{
        endpoint, corner.topology(), {.times = {.confirm_within = 1000ms, .check_within = 60s}}};
    bench.wait_until_healthy();
    // Large enough to fill the buffers on the way, so that the send itself blocks.
    const std::string body(16 << 20, 'x');
    line.go_silent();

    const auto answer = bench.publish(bench.message("1", body));

    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::unavailable);
    line.restore();
    bench.wait_until_healthy();
}

TEST_CASE("a connection that is cut under way answers unavailable")
{
    BrokerCorner corner;
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    PublisherBench bench{corner.endpoint_at(line.port()), corner.topology()};
    bench.wait_until_healthy();
    line.go_silent();
    std::jthread cutter{[&] {
        SystemClock{}.wait_for(100ms, {});
        line.go_down();
    }};

    const auto answer = bench.publish(bench.message("1"));

    cutter.join();
    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::unavailable);
    line.restore();
    bench.wait_until_healthy();
}

TEST_CASE("a blocked publisher sends nothing until the broker unblocks it")
{
    BrokerCorner corner;
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    PublisherBench bench{corner.endpoint_at(line.port()), corner.topology()};
    bench.wait_until_healthy();

    line.say_to_clients(blocked_frame());
    CHECK(eventually([&] { return !bench.publisher().healthy(); }));
    const auto answer = bench.publish(bench.message("1"));
    line.say_to_clients(unblocked_frame());
    bench.wait_until_healthy();

    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::unavailable);
    CHECK_THAT(answer.error().detail, Catch::Contains("blocked"));
    CHECK(corner.waiting() == 0);
    CHECK(bench.publish(bench.message("2")).has_value());
    CHECK(line.connections() == 1);
}

TEST_CASE("a deleted queue is declared again")
{
    BrokerCorner corner;
    PublisherBench bench{corner.endpoint(), corner.topology()};
    bench.wait_until_healthy();

    corner.delete_queue();
    CHECK(eventually([&] { return bench.publish(bench.message("1")).has_value(); }));

    CHECK(corner.waiting() == 1);
}

TEST_CASE("settings that do not fit the queue are told in the log, with the queue's name")
{
    BrokerCorner corner;
    corner.declare();
    BrokerTopology other = corner.topology();
    other.delivery_limit = 3;

    PublisherBench bench{corner.endpoint(), other};

    CHECK(eventually([&] { return !bench.log().lines().empty(); }));
    CHECK_THAT(
        bench.log().lines().front(),
        Catch::Contains("\"level\":\"error\"") && Catch::Contains(other.queue)
    );
    CHECK_FALSE(bench.publisher().healthy());
}

}  // namespace
}  // namespace libra
