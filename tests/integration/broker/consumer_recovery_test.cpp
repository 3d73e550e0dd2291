#include "tests/support/broker_corner.hpp"
#include "tests/support/consumer_bench.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/faulty_line.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::BrokerCorner;
using testing::ConsumerBench;
using testing::eventually;
using testing::FaultyLine;

constexpr ConsumerPolicy k_renews_often{.idle = 200ms};

TEST_CASE("after a cut the message comes again, and the old acknowledgement does nothing")
{
    BrokerCorner corner;
    corner.declare();
    corner.put("work");
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    ConsumerBench bench{corner.endpoint_at(line.port()), corner.topology()};
    Delivery stale = bench.next();
    CHECK(bench.consumer().line().reconnects == 0);

    line.cut();
    CHECK(eventually([&] { return corner.waiting() == 1; }));
    stale.ack();

    Delivery again = bench.next();
    CHECK(again.body() == "work");
    CHECK(again.redelivered());
    CHECK(bench.consumer().line().reconnects == 1);
    again.ack();
    bench.request_stop();
    bench.join();
    CHECK_FALSE(corner.take().has_value());
}

TEST_CASE("nothing new is delivered after a cut while the old delivery is still worked on")
{
    BrokerCorner corner;
    corner.declare();
    corner.put("work");
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    ConsumerBench bench{corner.endpoint_at(line.port()), corner.topology()};
    Delivery held = bench.next();

    line.cut();
    CHECK(eventually([&] { return line.connections() == 2 && bench.consumer().healthy(); }));
    CHECK(eventually([&] { return corner.waiting() == 1; }));
    CHECK_FALSE(bench.has_one());
    held.ack();

    bench.next().ack();
}

TEST_CASE("a consumer started before its broker begins when the broker is there")
{
    BrokerCorner corner;
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    line.go_down();
    ConsumerBench bench{corner.endpoint_at(line.port()), corner.topology()};
    REQUIRE(eventually([&] { return line.connections() >= 3; }));
    CHECK_FALSE(bench.consumer().healthy());

    line.restore();
    REQUIRE(eventually([&] { return bench.consumer().healthy(); }));
    corner.put("work");

    Delivery delivery = bench.next();
    CHECK(delivery.body() == "work");
    delivery.ack();
}

TEST_CASE("a broker that falls silent is noticed by its missing heartbeats")
{
    BrokerCorner corner;
    corner.declare();
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    AmqpEndpoint endpoint = corner.endpoint_at(line.port());
    endpoint.heartbeat = 1s;
    endpoint.step_timeout = 500ms;
    ConsumerBench bench{endpoint, corner.topology()};
    REQUIRE(eventually([&] { return bench.consumer().healthy(); }));

    line.go_silent();
    CHECK(eventually([&] { return !bench.consumer().healthy(); }));
    line.restore();

    CHECK(eventually([&] { return bench.consumer().healthy(); }));
}

TEST_CASE("a deleted queue is declared again and consumed")
{
    BrokerCorner corner;
    corner.declare();
    ConsumerBench bench{corner.endpoint(), corner.topology()};
    REQUIRE(eventually([&] { return bench.consumer().healthy(); }));

    corner.delete_queue();
    // Until the queue is there again the broker drops what is put on it.
    CHECK(eventually([&] {
        corner.put("work");
        return bench.has_one();
    }));

    bench.next().ack();
}

TEST_CASE("a queue that is deleted and declared again at once is consumed by all its consumers")
{
    BrokerCorner corner;
    corner.declare();
    ConsumerBench one{corner.endpoint(), corner.topology(), k_renews_often};
    ConsumerBench other{corner.endpoint(), corner.topology(), k_renews_often};
    REQUIRE(eventually([&] { return corner.consumers() == 2; }));

    corner.replace_queue();
    corner.put("first");
    corner.put("second");

    REQUIRE(eventually([&] { return one.has_one() && other.has_one(); }));
    one.next().ack();
    other.next().ack();
}

TEST_CASE("a queue that is replaced while a delivery is worked on is consumed afterwards")
{
    BrokerCorner corner;
    corner.declare();
    corner.put("old");
    ConsumerBench bench{corner.endpoint(), corner.topology(), k_renews_often};
    Delivery old = bench.next();

    corner.replace_queue();
    corner.put("new");
    old.ack();

    REQUIRE(eventually([&] { return bench.has_one(); }));
    Delivery next = bench.next();
    CHECK(next.body() == "new");
    next.ack();
}

TEST_CASE("renewing an idle subscription needs no new connection and loses no message")
{
    BrokerCorner corner;
    corner.declare();
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    ConsumerBench bench{corner.endpoint_at(line.port()), corner.topology(), {.idle = 1ms}};
    REQUIRE(eventually([&] { return bench.consumer().healthy(); }));
    constexpr int k_messages = 50;

    for (int i = 0; i < k_messages; ++i) {
        corner.put(std::to_string(i));
        bench.next().ack();
    }

    bench.request_stop();
    bench.join();
    CHECK_FALSE(corner.take().has_value());
    CHECK(line.connections() == 1);
}

TEST_CASE("a broker that does not answer when a subscription is renewed is connected to anew")
{
    BrokerCorner corner;
    corner.declare();
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    AmqpEndpoint endpoint = corner.endpoint_at(line.port());
    endpoint.heartbeat = 0s;
    endpoint.step_timeout = 500ms;
    ConsumerBench bench{endpoint, corner.topology(), k_renews_often};
    REQUIRE(eventually([&] { return bench.consumer().healthy(); }));

    line.go_silent();
    CHECK(eventually([&] { return !bench.consumer().healthy(); }));
    line.restore();

    CHECK(eventually([&] { return bench.consumer().healthy(); }));
}

TEST_CASE("stopping with the broker gone still waits for the delivery")
{
    BrokerCorner corner;
    corner.declare();
    corner.put("work");
    FaultyLine line{"127.0.0.1", corner.endpoint().port};
    ConsumerBench bench{corner.endpoint_at(line.port()), corner.topology()};
    Delivery delivery = bench.next();
    std::atomic<bool> stopped{false};

    line.go_down();
    REQUIRE(eventually([&] { return !bench.consumer().healthy(); }));
    bench.request_stop();
    std::jthread waiting{[&] {
        bench.join();
        stopped = true;
    }};
    CHECK_FALSE(stopped);
    delivery.ack();
    waiting.join();

    CHECK(stopped);
}

}  // namespace
}  // namespace libra
