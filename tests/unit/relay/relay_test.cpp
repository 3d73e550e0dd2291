#include "shared/relay/relay.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_random.hpp"
#include "tests/support/memory_outbox.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/scripted_publisher.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::FakeClock;
using testing::FakeRandom;
using testing::MemoryOutbox;
using testing::RecordingLog;
using testing::ScriptedPublisher;

OutboxRow row(std::int64_t id)
{
    return {
        .id = id,
        .exchange = "deployment",
        .routing_key = "deployment-queue",
        .headers = {{"traceparent", "00-1"}},
        .payload = R"({"n":)" + std::to_string(id) + "}"};
}

struct Desk {
    FakeClock clock{};
    FakeRandom random{};
    RecordingLog log{};
    MemoryOutbox outbox{clock};
    ScriptedPublisher publisher{};
    Relay relay{outbox, publisher, clock, random, log.log()};
};

TEST_CASE("a due row is published under its id and removed once it is confirmed")
{
    Desk desk;
    desk.outbox.add(row(7));

    const auto carried = desk.relay.carry_once();

    CHECK(carried.value() == 1);
    CHECK(desk.outbox.size() == 0);
    const auto sent = desk.publisher.sent();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].message_id == "7");
    CHECK(sent[0].exchange == "deployment");
    CHECK(sent[0].routing_key == "deployment-queue");
    CHECK(sent[0].headers.at("traceparent") == "00-1");
    CHECK(sent[0].body == R"({"n":7})");
}

TEST_CASE("an event is sent as a CloudEvent that nobody need take")
{
    Desk desk;
    OutboxRow event = row(7);
    event.event = true;
    desk.outbox.add(event);
    desk.outbox.add(row(8));

    CHECK(desk.relay.carry_once().value() == 2);

    const auto sent = desk.publisher.sent();
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].content_type == "application/cloudevents+json");
    CHECK_FALSE(sent[0].mandatory);
    CHECK(sent[1].content_type == "application/json");
    CHECK(sent[1].mandatory);
}

TEST_CASE("an empty outbox is nothing to carry")
{
    Desk desk;

    CHECK(desk.relay.carry_once().value() == 0);
    CHECK(desk.publisher.sent().empty());
}

TEST_CASE("a refused row is given back and comes again after its delay")
{
    Desk desk;
    desk.outbox.add(row(1));
    desk.outbox.add(row(2));
    desk.publisher.decide([](const OutgoingMessage& message) -> Result<void> {
        if (message.message_id == "1") {
            return Error{Errc::rejected, "the queue is full"};
        }
        return {};
    });

    CHECK(desk.relay.carry_once().value() == 1);

    CHECK(desk.outbox.size() == 1);
    CHECK(desk.outbox.next_due().value() == RelayPolicy{}.refused);
    CHECK(desk.relay.counts().refused == 1);
    CHECK(desk.relay.counts().confirmed == 1);
}

TEST_CASE("a row that could not be sent is given back to come again soon")
{
    Desk desk;
    desk.outbox.add(row(1));
    desk.publisher.decide([](const OutgoingMessage&) -> Result<void> {
        return Error{Errc::unavailable, "no confirm"};
    });

    const auto carried = desk.relay.carry_once();

    REQUIRE(carried.has_error());
    CHECK(carried.error().code == Errc::unavailable);
    CHECK(desk.outbox.next_due().value() == RelayPolicy{}.unanswered);
    CHECK(desk.relay.counts().unanswered == 1);
}

TEST_CASE("a row whose removal failed stays and is sent again")
{
    Desk desk;
    desk.outbox.add(row(1));
    desk.publisher.decide([&](const OutgoingMessage&) -> Result<void> {
        desk.outbox.fail_with(Error{Errc::unavailable, "database gone"});
        return {};
    });

    CHECK(desk.relay.carry_once().has_error());
    desk.outbox.fail_with(std::nullopt);
    desk.publisher.decide({});
    desk.clock.advance(RelayPolicy{}.hold);

    CHECK(desk.relay.carry_once().value() == 1);
    CHECK(desk.publisher.sent().size() == 2);
    CHECK(desk.outbox.size() == 0);
}

TEST_CASE("full batches follow each other without a pause")
{
    Desk desk;
    for (std::int64_t id = 1; id <= 3L * RelayPolicy{}.batch; ++id) {
        desk.outbox.add(row(id));
    }
    std::stop_source stop;
    desk.outbox.after_claim([&](int claims) {
        if (claims == 3) {
            stop.request_stop();
        }
    });

    desk.relay.run(stop.get_token());

    CHECK(desk.outbox.size() == 0);
    CHECK(desk.clock.now() == Instant{});
}

TEST_CASE("after a batch that was not full rows gather for a moment, woken or not")
{
    Desk desk;
    std::stop_source stop;
    std::vector<Instant> looks;
    desk.outbox.after_claim([&](int claims) {
        looks.push_back(desk.clock.now());
        desk.outbox.add(row(claims + 1));
        desk.relay.wake();
        if (claims == 3) {
            stop.request_stop();
        }
    });
    desk.outbox.add(row(1));

    desk.relay.run(stop.get_token());

    REQUIRE(looks.size() == 3);
    CHECK(looks[0] == Instant{});
    CHECK(looks[1] - looks[0] == RelayPolicy{}.gather);
    CHECK(looks[2] - looks[1] == RelayPolicy{}.gather);
}

TEST_CASE("the relay rests until the next row is due, but not longer than its idle time")
{
    Desk desk;
    std::stop_source stop;
    std::vector<Instant> looks;
    desk.outbox.after_claim([&](int claims) {
        looks.push_back(desk.clock.now());
        if (claims == 3) {
            stop.request_stop();
        }
    });
    desk.outbox.add(row(1));
    REQUIRE(desk.outbox.claim("another relay", 1, 1s).has_value());
    looks.clear();
    desk.clock.advance(600ms);

    desk.relay.run(stop.get_token());

    REQUIRE(looks.size() == 2);
    CHECK(looks[1] - looks[0] == 400ms);
    CHECK(desk.outbox.size() == 0);
}

TEST_CASE("while the broker is away no row is taken")
{
    Desk desk;
    desk.publisher.be_healthy(false);
    desk.outbox.add(row(1));
    std::jthread relay{[&](const std::stop_token& stop) { desk.relay.run(stop); }};

    while (desk.clock.now() < Instant{10s}) {
        std::this_thread::yield();
    }

    CHECK(desk.outbox.claims() == 0);
    desk.publisher.be_healthy(true);
    CHECK(desk.outbox.wait_until_empty({}));
}

TEST_CASE("with the database away the pauses grow, and the log stays short")
{
    Desk desk;
    desk.outbox.fail_with(Error{Errc::unavailable, "database gone"});
    std::stop_source stop;
    std::vector<Instant> looks;
    desk.outbox.after_claim([&](int claims) {
        looks.push_back(desk.clock.now());
        if (claims == 9) {
            stop.request_stop();
        }
    });

    desk.relay.run(stop.get_token());

    REQUIRE(looks.size() == 9);
    CHECK(looks[2] - looks[1] > looks[1] - looks[0]);
    CHECK(looks[8] - looks[7] <= 6s);
    CHECK(desk.log.lines().size() == 4);
}

TEST_CASE("wake ends the rest of a running relay")
{
    SystemClock clock;
    FakeRandom random;
    RecordingLog log;
    MemoryOutbox outbox{clock};
    ScriptedPublisher publisher;
    Relay relay{outbox, publisher, clock, random, log.log(), {.idle = std::chrono::hours{1}}};
    std::jthread running{[&](const std::stop_token& stop) { relay.run(stop); }};
    REQUIRE(outbox.wait_for_claims(1, {}));

    outbox.add(row(1));
    relay.wake();

    CHECK(outbox.wait_until_empty({}));
}

TEST_CASE("a relay that rests stops when it is asked to")
{
    SystemClock clock;
    FakeRandom random;
    RecordingLog log;
    MemoryOutbox outbox{clock};
    ScriptedPublisher publisher;
    Relay relay{outbox, publisher, clock, random, log.log(), {.idle = std::chrono::hours{1}}};
    std::jthread running{[&](const std::stop_token& stop) { relay.run(stop); }};
    REQUIRE(outbox.wait_for_claims(1, {}));

    running.request_stop();
    running.join();

    CHECK(outbox.claims() == 1);
}

}  // namespace
}  // namespace libra
