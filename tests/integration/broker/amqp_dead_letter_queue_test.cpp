#include "shared/broker/amqp_dead_letter_queue.hpp"

#include "tests/support/broker_corner.hpp"
#include "tests/support/consumer_bench.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/faulty_line.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::BrokerCorner;
using testing::ConsumerBench;
using testing::eventually;
using testing::FaultyLine;
using Bodies = std::vector<std::string>;

/// A visitor of a declared queue who remembers what it was shown.
struct Fixture {
    BrokerCorner corner;
    SystemClock clock;
    VisitPolicy policy;
    Bodies seen;

    explicit Fixture(std::int64_t delivery_limit = 20)
    {
        corner.topology().delivery_limit = delivery_limit;
        corner.declare();
    }

    void put(const Bodies& bodies)
    {
        for (const std::string& body : bodies) {
            corner.put_dead(body);
        }
        REQUIRE(eventually([&] { return waiting() == bodies.size(); }));
    }

    std::uint32_t waiting() { return corner.waiting(corner.topology().dead_letter_queue); }

    AmqpDeadLetterQueue queue()
    {
        return {corner.endpoint(), corner.topology().dead_letter_queue, clock, policy};
    }

    /// All but the messages whose body begins with `drop`.
    DeadLetterQueue::Keeps keeps()
    {
        return [this](const DeadMessage& message) -> Result<bool> {
            seen.push_back(message.body);
            return !message.body.starts_with("drop");
        };
    }
};

TEST_CASE("a visit takes out what is dropped and leaves the rest in its order")
{
    Fixture fixture;
    fixture.put({"keep 1", "drop 1", "keep 2", "drop 2"});

    const auto whole = fixture.queue().visit(fixture.keeps(), {});

    CHECK(whole.value());
    CHECK(fixture.seen == Bodies{"keep 1", "drop 1", "keep 2", "drop 2"});
    CHECK(eventually([&] { return fixture.waiting() == 2; }));
    const std::string& queue = fixture.corner.topology().dead_letter_queue;
    CHECK(fixture.corner.take(queue) == "keep 1");
    CHECK(fixture.corner.take(queue) == "keep 2");
}

TEST_CASE("an empty queue is seen whole")
{
    Fixture fixture;

    CHECK(fixture.queue().visit(fixture.keeps(), {}).value());

    CHECK(fixture.seen.empty());
}

TEST_CASE("many messages are seen once each")
{
    Fixture fixture;
    constexpr int k_messages = 3000;
    for (int i = 0; i < k_messages; ++i) {
        fixture.corner.put_dead((i % 3 == 0 ? "drop " : "keep ") + std::to_string(i));
    }
    REQUIRE(eventually([&] { return fixture.waiting() == k_messages; }));

    const auto whole = fixture.queue().visit(fixture.keeps(), {});

    CHECK(whole.value());
    CHECK(fixture.seen.size() == k_messages);
    CHECK(eventually([&] { return fixture.waiting() == k_messages / 3 * 2; }));
}

TEST_CASE("a visit ends at its limits, and what it dropped is gone")
{
    Fixture fixture;
    fixture.put({"drop 1", "keep 1", "drop 2", "keep 2"});
    DeadLetterQueue::Keeps keeps = fixture.keeps();
    std::stop_source stop;
    SECTION("of messages")
    {
        fixture.policy.most_messages = 2;
    }
    SECTION("of time")
    {
        fixture.policy.longest = 1ms;
        keeps = [&, first = fixture.keeps()](const DeadMessage& message) {
            fixture.clock.wait_for(2ms, {});
            return first(message);
        };
    }
    SECTION("when it is stopped")
    {
        keeps = [&, first = fixture.keeps()](const DeadMessage& message) {
            stop.request_stop();
            return first(message);
        };
    }

    const auto whole = fixture.queue().visit(keeps, stop.get_token());

    CHECK_FALSE(whole.value());
    CHECK(fixture.seen.size() < 4);
    CHECK(eventually([&] { return fixture.waiting() == (fixture.seen.empty() ? 4 : 3); }));
}

TEST_CASE("an error of who decides ends the visit, and the message stays")
{
    Fixture fixture;
    fixture.put({"keep 1", "drop 1", "keep 2"});
    const auto keeps = [&](const DeadMessage& message) -> Result<bool> {
        fixture.seen.push_back(message.body);
        if (message.body == "drop 1") {
            return Error{Errc::unavailable, "no database"};
        }
        return true;
    };

    const auto whole = fixture.queue().visit(keeps, {});

    REQUIRE(whole.has_error());
    CHECK(whole.error().detail == "no database");
    CHECK(fixture.seen == Bodies{"keep 1", "drop 1"});
    CHECK(eventually([&] { return fixture.waiting() == 3; }));
}

TEST_CASE("a visit whose connection is lost leaves what the broker did not hear of")
{
    Fixture fixture;
    fixture.put({"keep 1", "drop 1", "keep 2"});
    FaultyLine line{"127.0.0.1", fixture.corner.endpoint().port};
    AmqpDeadLetterQueue queue{
        fixture.corner.endpoint_at(line.port()),
        fixture.corner.topology().dead_letter_queue,
        fixture.clock};
    const auto keeps = [&](const DeadMessage& message) {
        if (message.body == "drop 1") {
            line.cut();
        }
        return fixture.keeps()(message);
    };

    const auto whole = queue.visit(keeps, {});

    REQUIRE(whole.has_error());
    CHECK(whole.error().code == Errc::unavailable);
    CHECK(eventually([&] { return fixture.waiting() == 3; }));
    CHECK(fixture.queue().visit(fixture.keeps(), {}).value());
    CHECK(eventually([&] { return fixture.waiting() == 2; }));
}

TEST_CASE("without a broker a visit is unavailable")
{
    Fixture fixture;
    FaultyLine line{"127.0.0.1", fixture.corner.endpoint().port};
    line.go_down();
    AmqpDeadLetterQueue queue{
        fixture.corner.endpoint_at(line.port()),
        fixture.corner.topology().dead_letter_queue,
        fixture.clock};

    CHECK(queue.visit(fixture.keeps(), {}).error().code == Errc::unavailable);
    CHECK(queue.depth().error().code == Errc::unavailable);
}

TEST_CASE("a queue that somebody else consumes too is not seen whole")
{
    Fixture fixture;
    fixture.put({"held"});
    const BrokerTopology& topology = fixture.corner.topology();
    ConsumerBench other{fixture.corner.endpoint(), topology, topology.dead_letter_queue};
    REQUIRE(eventually([&] { return fixture.queue().depth().value() == 0; }));

    CHECK_FALSE(fixture.queue().visit(fixture.keeps(), {}).value());
}

TEST_CASE("the depth is what is with nobody, and needs a queue")
{
    Fixture fixture;
    fixture.put({"a", "b"});
    AmqpDeadLetterQueue missing{
        fixture.corner.endpoint(), "libra-test-no-such-queue", fixture.clock};

    CHECK(fixture.queue().depth().value() == 2);
    CHECK(missing.depth().error().code == Errc::rejected);
    CHECK(missing.visit(fixture.keeps(), {}).error().code == Errc::rejected);
}

TEST_CASE("a message the broker gave up on says so in its headers")
{
    constexpr int k_delivery_limit = 1;
    Fixture fixture{k_delivery_limit};
    fixture.corner.put("too often");
    {
        ConsumerBench bench{fixture.corner.endpoint(), fixture.corner.topology()};
        for (int delivery = 0; delivery <= k_delivery_limit; ++delivery) {
            const Delivery dropped = bench.next();
        }
        REQUIRE(eventually([&] { return fixture.waiting() == 1; }));
    }
    std::map<std::string, std::string> headers;

    const auto whole = fixture.queue().visit(
        [&](const DeadMessage& message) -> Result<bool> {
            headers = message.headers;
            return true;
        },
        {}
    );

    CHECK(whole.value());
    CHECK(headers.at("x-first-death-reason") == "delivery_limit");
    CHECK(headers.at("x-first-death-queue") == fixture.corner.topology().queue);
}

}  // namespace
}  // namespace libra
