#include "shared/broker/confirm_tracker.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

const Error k_late{Errc::unavailable, "too late"};

std::vector<OutgoingMessage> messages(int count)
{
    std::vector<OutgoingMessage> out;
    for (int i = 1; i <= count; ++i) {
        out.push_back({.exchange = "deployment", .message_id = std::to_string(i)});
    }
    return out;
}

void send(ConfirmTracker& tracker, int count)
{
    for (int i = 0; i < count; ++i) {
        tracker.sent();
    }
}

TEST_CASE("one confirm may stand for all messages up to it")
{
    const auto batch = messages(3);
    ConfirmTracker tracker;
    tracker.begin(batch);
    send(tracker, 3);

    tracker.take(Confirmed{.tag = 2, .multiple = true, .taken = true});
    CHECK_FALSE(tracker.settled());
    tracker.take(Confirmed{.tag = 3, .multiple = false, .taken = true});

    CHECK(tracker.settled());
    for (const auto& answer : tracker.finish(k_late)) {
        CHECK(answer.has_value());
    }
}

TEST_CASE("a message that no queue takes is refused although it is confirmed")
{
    const auto batch = messages(2);
    ConfirmTracker tracker;
    tracker.begin(batch);
    send(tracker, 2);

    tracker.take(Returned{.message_id = "1", .reason = "NO_ROUTE"});
    tracker.take(Confirmed{.tag = 2, .multiple = true, .taken = true});

    CHECK(tracker.settled());
    const auto answers = tracker.finish(k_late);
    REQUIRE(answers[0].has_error());
    CHECK(answers[0].error().code == Errc::rejected);
    CHECK_THAT(answers[0].error().detail, Catch::Contains("NO_ROUTE"));
    CHECK(answers[1].has_value());
}

TEST_CASE("a negative confirm refuses, alone or for all up to it")
{
    const auto batch = messages(3);
    ConfirmTracker tracker;
    tracker.begin(batch);
    send(tracker, 3);

    tracker.take(Confirmed{.tag = 1, .multiple = false, .taken = true});
    tracker.take(Confirmed{.tag = 3, .multiple = true, .taken = false});

    const auto answers = tracker.finish(k_late);
    CHECK(answers[0].has_value());
    CHECK(answers[1].error().code == Errc::rejected);
    CHECK(answers[2].error().code == Errc::rejected);
}

TEST_CASE("messages without a confirm get the reason why")
{
    const auto batch = messages(3);
    ConfirmTracker tracker;
    tracker.begin(batch);
    send(tracker, 2);

    tracker.take(Confirmed{.tag = 1, .multiple = false, .taken = true});

    CHECK_FALSE(tracker.settled());
    const auto answers = tracker.finish(k_late);
    CHECK(answers[0].has_value());
    CHECK(answers[1].error().code == Errc::unavailable);
    CHECK(answers[2].error().detail == "too late");
}

TEST_CASE("a confirm that comes after its batch does not count for the next one")
{
    const auto first = messages(2);
    const auto second = messages(2);
    ConfirmTracker tracker;
    tracker.begin(first);
    send(tracker, 2);
    CHECK(tracker.finish(k_late).size() == 2);
    tracker.begin(second);
    send(tracker, 2);

    tracker.take(Confirmed{.tag = 2, .multiple = true, .taken = true});
    CHECK_FALSE(tracker.settled());
    tracker.take(Confirmed{.tag = 4, .multiple = true, .taken = true});
    tracker.take(Confirmed{.tag = 99, .multiple = true, .taken = false});

    CHECK(tracker.settled());
    for (const auto& answer : tracker.finish(k_late)) {
        CHECK(answer.has_value());
    }
}

TEST_CASE("what comes when a batch has ended is ignored, and its messages are not touched")
{
    ConfirmTracker tracker;
    {
        const auto batch = messages(2);
        tracker.begin(batch);
        send(tracker, 2);
        CHECK(tracker.finish(k_late).size() == 2);
    }

    tracker.take(Returned{.message_id = "1", .reason = "NO_ROUTE"});
    tracker.take(Confirmed{.tag = 2, .multiple = true, .taken = true});
    tracker.take_missing_exchange("NOT_FOUND - no exchange 'deployment' in vhost '/'");

    CHECK(tracker.settled());
    CHECK(tracker.finish(k_late).empty());
}

TEST_CASE("a missing exchange refuses the messages that named it")
{
    auto batch = messages(2);
    batch[1].exchange = "gone";
    ConfirmTracker tracker;
    tracker.begin(batch);
    send(tracker, 2);

    tracker.take_missing_exchange("NOT_FOUND - no exchange 'gone' in vhost '/'");

    const auto answers = tracker.finish(k_late);
    CHECK(answers[0].error().code == Errc::unavailable);
    CHECK(answers[1].error().code == Errc::rejected);
}

}  // namespace
}  // namespace libra
