#include "shared/broker/amqp_dead_letter_queue.hpp"

#include "shared/base/clock.hpp"
#include "tests/support/broker_corner.hpp"
#include "tests/support/eventually.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <vector>

namespace libra {
namespace {

using testing::BrokerCorner;
using testing::eventually;

struct Fixture {
    BrokerCorner corner;
    SystemClock clock;
    AmqpDeadLetterQueue queue{corner.endpoint(), corner.topology().queue, clock};
    std::vector<std::string> shown{};

    explicit Fixture(const std::vector<std::string>& messages)
    {
        corner.declare();
        for (const std::string& message : messages) {
            corner.put(message);
        }
        REQUIRE(eventually([&] { return queue.depth().value() == std::ssize(messages); }));
    }

    Result<void> keep_only(const std::set<std::string>& kept)
    {
        return queue.visit(
            [&](const DeadMessage& message) -> Result<bool> {
                shown.push_back(message.body);
                return kept.contains(message.body);
            },
            {}
        );
    }
};

TEST_CASE("a visit sees every message, and only those it does not keep leave the queue")
{
    Fixture fixture{{"a", "b", "c", "d"}};

    REQUIRE(fixture.keep_only({"b", "d"}).has_value());

    CHECK(fixture.shown == std::vector<std::string>{"a", "b", "c", "d"});
    REQUIRE(eventually([&] { return fixture.queue.depth().value() == 2; }));
    fixture.shown.clear();
    REQUIRE(fixture.keep_only({}).has_value());
    CHECK(
        std::set<std::string>{fixture.shown.begin(), fixture.shown.end()} ==
        std::set<std::string>{"b", "d"}
    );
    CHECK(eventually([&] { return fixture.queue.depth().value() == 0; }));
}

TEST_CASE("a visit that cannot decide leaves what it did not decide upon")
{
    Fixture fixture{{"a", "b"}};

    const Result<void> visited = fixture.queue.visit(
        [](const DeadMessage& message) -> Result<bool> {
            if (message.body == "a") {
                return false;
            }
            return Error{Errc::unavailable, "the database is away"};
        },
        {}
    );

    REQUIRE(visited.has_error());
    CHECK(visited.error().detail == "the database is away");
    REQUIRE(eventually([&] { return fixture.queue.depth().value() == 1; }));
    CHECK(fixture.corner.take() == "b");
}

TEST_CASE("an empty queue is visited without waiting for messages")
{
    Fixture fixture{{}};

    CHECK(fixture.keep_only({}).has_value());
    CHECK(fixture.shown.empty());
}

TEST_CASE("a queue that is not there is rejected, a broker that is not there unavailable")
{
    Fixture fixture{{}};
    AmqpDeadLetterQueue missing{
        fixture.corner.endpoint(), "libra-test-no-such-queue", fixture.clock};
    AmqpDeadLetterQueue nowhere{fixture.corner.endpoint_at(1), "any", fixture.clock};

    CHECK(missing.depth().error().code == Errc::rejected);
    CHECK(nowhere.depth().error().code == Errc::unavailable);
    const auto keep = [](const DeadMessage&) { return Result<bool>{true}; };
    CHECK(nowhere.visit(keep, {}).error().code == Errc::unavailable);
}

}  // namespace
}  // namespace libra
