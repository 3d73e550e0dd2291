#include "shared/broker/amqp_consumer.hpp"

#include "tests/support/broker_corner.hpp"
#include "tests/support/consumer_bench.hpp"
#include "tests/support/eventually.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::BrokerCorner;
using testing::ConsumerBench;
using testing::eventually;

TEST_CASE("a delivery carries the message, and acknowledging removes it")
{
    BrokerCorner corner;
    corner.declare();
    corner.put("work");
    ConsumerBench bench{corner.endpoint(), corner.topology()};

    Delivery delivery = bench.next();
    CHECK(delivery.body() == "work");
    CHECK(delivery.message_id() == "by-hand");
    CHECK_FALSE(delivery.redelivered());
    delivery.ack();
    bench.request_stop();
    bench.join();

    CHECK_FALSE(corner.take().has_value());
}

TEST_CASE("the next message comes only after the one before is settled")
{
    BrokerCorner corner;
    corner.declare();
    corner.put("first");
    corner.put("second");
    ConsumerBench bench{corner.endpoint(), corner.topology()};

    Delivery first = bench.next();
    // The broker counts the second among those that nobody has, and keeps doing so.
    CHECK(eventually([&] { return corner.waiting() == 1; }));
    CHECK_FALSE(bench.has_one());
    first.ack();

    Delivery second = bench.next();
    CHECK(second.body() == "second");
    second.ack();
}

TEST_CASE("a delivery that is dropped comes again, marked as redelivered")
{
    BrokerCorner corner;
    corner.declare();
    corner.put("again");
    ConsumerBench bench{corner.endpoint(), corner.topology()};

    {
        const Delivery dropped = bench.next();
    }

    Delivery again = bench.next();
    CHECK(again.body() == "again");
    CHECK(again.redelivered());
    again.ack();
}

TEST_CASE("an acknowledgement from another thread is carried out at once")
{
    BrokerCorner corner;
    corner.declare();
    constexpr int k_messages = 50;
    for (int i = 0; i < k_messages; ++i) {
        corner.put(std::to_string(i));
    }
    AmqpEndpoint slow_ticks = corner.endpoint();
    slow_ticks.heartbeat = std::chrono::seconds{60};
    SystemClock clock;
    const Instant started = clock.now();
    ConsumerBench bench{slow_ticks, corner.topology()};

    for (int i = 0; i < k_messages; ++i) {
        bench.next().ack();
    }

    // With settling left to the next tick this would take 50 s.
    CHECK(clock.now() - started < 25s);
}

TEST_CASE("the connection lives through work much longer than its heartbeat")
{
    BrokerCorner corner;
    corner.declare();
    corner.put("long");
    AmqpEndpoint impatient = corner.endpoint();
    impatient.heartbeat = 1s;
    ConsumerBench bench{impatient, corner.topology()};
    SystemClock clock;

    Delivery delivery = bench.next();
    clock.wait_for(5s, {});  // the broker gives up on a silent client after 2 to 3 s
    CHECK(bench.consumer().healthy());
    CHECK_FALSE(bench.has_one());
    delivery.ack();
    bench.request_stop();
    bench.join();

    CHECK_FALSE(corner.take().has_value());
}

TEST_CASE("stopping waits for the delivery that is being worked on")
{
    BrokerCorner corner;
    corner.declare();
    corner.put("last");
    corner.put("left for others");
    ConsumerBench bench{corner.endpoint(), corner.topology()};
    Delivery delivery = bench.next();
    std::atomic<bool> stopped{false};

    bench.request_stop();
    std::jthread waiting{[&] {
        bench.join();
        stopped = true;
    }};
    CHECK(eventually([&] { return !bench.consumer().healthy(); }));
    CHECK_FALSE(stopped);
    delivery.ack();
    waiting.join();

    CHECK(corner.take() == "left for others");
    CHECK_FALSE(corner.take().has_value());
}

TEST_CASE("stopping an idle consumer takes no message away")
{
    BrokerCorner corner;
    corner.declare();
    ConsumerBench bench{corner.endpoint(), corner.topology()};
    REQUIRE(eventually([&] { return bench.consumer().healthy(); }));

    bench.request_stop();
    bench.join();
    corner.put("later");

    std::optional<std::string> later;
    CHECK(eventually([&] { return (later = corner.take()).has_value(); }));
    CHECK(later == "later");
}

}  // namespace
}  // namespace libra
