#include "api-gateway/events/event_feed.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_event_store.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

struct Watcher {
    explicit Watcher(EventFeed::Opened opened) : stream{std::move(opened.stream)}
    {
        stream->start([this] { ++woken; });
    }

    std::string take()
    {
        std::string piece;
        more = stream->take(piece);
        return piece;
    }

    bool ended() const { return more == BodyStream::More::none; }

    std::shared_ptr<BodyStream> stream;
    BodyStream::More more{BodyStream::More::to_come};
    int woken{0};
};

std::string text(std::int64_t place, const std::string& kind)
{
    return "id: " + std::to_string(place) + "\nevent: " + kind + "\ndata: {}\n\n";
}

struct Fixture {
    std::unique_ptr<Watcher>
    watch(const std::string& user, const std::string& id = "d-1", std::int64_t after = 0)
    {
        return std::make_unique<Watcher>(feed.open({.user_id = user}, id, after));
    }

    testing::FakeEventStore store;
    testing::FakeClock clock;
    testing::RecordingLog log;
    EventFeed feed{
        store,
        clock,
        log.log(),
        {.streams = 3, .streams_per_user = 2, .page = 2, .longest = 60s}};
};

TEST_CASE_METHOD(Fixture, "a stream gives what was before it and what happens later, once each")
{
    store.happen("d-1", "state");
    const auto watcher = watch("u-1");

    REQUIRE(feed.read_once());
    CHECK(watcher->woken == 1);
    CHECK(watcher->take() == text(1, "state"));
    CHECK(watcher->take().empty());

    store.happen("d-1", "step");
    feed.notice("d-1");
    feed.read_once();

    CHECK(watcher->woken == 2);
    CHECK(watcher->take() == text(2, "step"));
    CHECK_FALSE(watcher->ended());
}

TEST_CASE_METHOD(Fixture, "a stream ends with the last event")
{
    store.happen("d-1", "state");
    store.happen("d-1", "end");
    const auto watcher = watch("u-1", "d-1", 1);

    feed.read_once();

    CHECK(watcher->take() == text(2, "end"));
    CHECK(watcher->ended());
}

TEST_CASE_METHOD(Fixture, "who does not take a page is not read the next one, and misses nothing")
{
    for (int event = 0; event < 5; ++event) {
        store.happen("d-1", "log");
    }
    const auto slow = watch("u-1");

    feed.read_once();
    feed.notice("d-1");
    feed.read_once();
    CHECK(store.calls.size() == 1);

    CHECK(slow->take() == text(1, "log") + text(2, "log"));
    feed.read_once();
    CHECK(slow->take() == text(3, "log") + text(4, "log"));
    feed.read_once();
    CHECK(slow->take() == text(5, "log"));
}

TEST_CASE_METHOD(Fixture, "a slow reader holds nobody else up")
{
    store.happen("d-1", "state");
    const auto slow = watch("u-1");
    const auto quick = watch("u-2");
    feed.read_once();
    CHECK(quick->take() == text(1, "state"));

    store.happen("d-1", "step");
    feed.notice("d-1");
    feed.read_once();

    CHECK(quick->take() == text(2, "step"));
    CHECK(slow->take() == text(1, "state"));
}

TEST_CASE_METHOD(Fixture, "streams of one user at one place are read for once")
{
    store.happen("d-1", "state");
    const auto one = watch("u-1");
    const auto other = watch("u-1");

    feed.read_once();

    CHECK(store.calls.size() == 1);
    CHECK(one->take() == other->take());
}

TEST_CASE_METHOD(Fixture, "word of one deployment reads for no other")
{
    store.happen("d-1", "state");
    store.happen("d-2", "state");
    const auto one = watch("u-1", "d-1");
    const auto other = watch("u-2", "d-2");
    feed.read_once();
    one->take();
    other->take();
    store.calls.clear();

    feed.notice("d-2");
    feed.read_once();

    REQUIRE(store.calls.size() == 1);
    CHECK(store.calls[0].deployment_id == "d-2");
    CHECK(store.calls[0].after == 1);
}

TEST_CASE_METHOD(Fixture, "after word may have been lost every stream is looked after")
{
    store.happen("d-1", "state");
    const auto watcher = watch("u-1");
    feed.read_once();
    watcher->take();
    store.happen("d-1", "step");

    feed.notice({});
    feed.read_once();

    CHECK(watcher->take() == text(2, "step"));
}

TEST_CASE_METHOD(Fixture, "a database that does not answer costs time and no event")
{
    store.happen("d-1", "state");
    const auto watcher = watch("u-1");
    store.failure = Error{Errc::unavailable, "away"};
    CHECK_FALSE(feed.read_once());
    CHECK(watcher->take().empty());
    CHECK_FALSE(watcher->ended());

    store.failure.reset();
    CHECK(feed.read_once());

    CHECK(watcher->take() == text(1, "state"));
}

TEST_CASE_METHOD(Fixture, "who may not see the deployment any more is cut off")
{
    store.happen("d-1", "state");
    const auto watcher = watch("u-1");
    feed.read_once();
    watcher->take();

    store.blind.insert("u-1");
    store.happen("d-1", "step");
    feed.notice("d-1");
    feed.read_once();

    CHECK(watcher->take().empty());
    CHECK(watcher->ended());
}

TEST_CASE_METHOD(Fixture, "a stream ends after its longest time, so that rights are looked at anew")
{
    store.happen("d-1", "state");
    const auto watcher = watch("u-1");
    feed.read_once();
    watcher->take();

    clock.advance(60s);
    feed.notice_all();
    feed.read_once();

    CHECK(watcher->take().empty());
    CHECK(watcher->ended());
}

TEST_CASE_METHOD(Fixture, "streams are limited in all and for each user, and come free again")
{
    auto one = watch("u-1");
    const auto two = watch("u-1");
    CHECK(feed.open({.user_id = "u-1"}, "d-1", 0).seating == Seating::user_full);
    const auto three = watch("u-2");
    CHECK(feed.open({.user_id = "u-3"}, "d-1", 0).seating == Seating::full);

    one.reset();

    CHECK(feed.streams() == 2);
    CHECK(feed.open({.user_id = "u-1"}, "d-1", 0).seating == Seating::seated);
}

}  // namespace
}  // namespace libra
