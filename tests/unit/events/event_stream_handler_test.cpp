#include "api-gateway/events/event_endpoints.hpp"
#include "tests/support/fake_admission_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_event_store.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;

struct Fixture {
    Fixture()
    {
        admissions.principal = Principal{.user_id = "u-1", .scopes = {"read"}};
        events.happen("d-1", "state");
        events.happen("d-1", "step");
    }

    HttpResponse ask(std::string_view last_event_id = {}, const std::string& id = "d-1")
    {
        HttpRequest request;
        request.method = "GET";
        request.path = "/deployments/" + id + "/events";
        request.headers = {{"Authorization", "Bearer tok-1"}};
        if (last_event_id.data() != nullptr) {
            request.headers.push_back({"Last-Event-ID", last_event_id});
        }
        return endpoints.routes().at(0).handler->handle(request);
    }

    testing::FakeAdmissionStore admissions;
    testing::FakeEventStore events;
    testing::FakeClock clock;
    testing::RecordingLog log;
    EventFeed feed{events, clock, log.log(), {.streams = 2, .streams_per_user = 1}};
    EventEndpoints endpoints{{admissions, events, feed, clock}, log.log()};
};

TEST_CASE_METHOD(Fixture, "events are an event stream that nobody gathers or keeps")
{
    const HttpResponse response = ask();

    CHECK(response.status == 200);
    CHECK(response.stream != nullptr);
    CHECK(response.header("Content-Type") == "text/event-stream");
    CHECK(response.header("X-Accel-Buffering") == "no");
}

TEST_CASE_METHOD(Fixture, "a stream goes on behind the Last-Event-ID")
{
    const HttpResponse response = ask("1");
    REQUIRE(response.stream != nullptr);
    response.stream->start([] {});

    feed.read_once();
    std::string piece;
    response.stream->take(piece);

    CHECK(piece == "id: 2\nevent: step\ndata: {}\n\n");
}

TEST_CASE_METHOD(Fixture, "a Last-Event-ID that no event has is refused")
{
    for (const char* const bad : {"", "x", "-1", "3", "99999999999999999999"}) {
        const HttpResponse response = ask(bad);
        CHECK(response.status == 400);
        CHECK_THAT(response.body, Contains("invalid_last_event_id"));
    }
    CHECK(ask("2").status == 200);
}

TEST_CASE_METHOD(Fixture, "who has seen the end is told not to come back")
{
    events.happen("d-1", "end");

    const HttpResponse response = ask("3");

    CHECK(response.status == 204);
    CHECK(response.stream == nullptr);
}

TEST_CASE_METHOD(Fixture, "what the caller may not see is answered as if it were not there")
{
    events.blind.insert("u-1");

    for (const HttpResponse& response : {ask(), ask("x"), ask({}, "d-9")}) {
        CHECK(response.status == 404);
        CHECK_THAT(response.body, Contains("deployment_not_found"));
    }
}

TEST_CASE_METHOD(Fixture, "an id that is none is refused")
{
    CHECK(ask({}, "a b").status == 400);
}

TEST_CASE_METHOD(Fixture, "service tokens and admins watch everywhere")
{
    admissions.principal = Principal{.user_id = "bot", .service = true, .scopes = {"read"}};
    ask();
    admissions.principal = Principal{.user_id = "ops", .scopes = {"admin"}};
    ask();
    admissions.principal = Principal{.user_id = "u-1", .scopes = {"read"}};
    ask();

    REQUIRE(events.calls.size() == 3);
    CHECK(events.calls[0].reader.everywhere);
    CHECK(events.calls[1].reader.everywhere);
    CHECK_FALSE(events.calls[2].reader.everywhere);
}

TEST_CASE_METHOD(Fixture, "too many streams are refused until some are closed")
{
    const HttpResponse first = ask();
    const HttpResponse second = ask();
    CHECK(second.status == 429);
    CHECK(second.header("Retry-After") == "5");

    admissions.principal = Principal{.user_id = "u-2", .scopes = {"read"}};
    const HttpResponse third = ask();
    CHECK(third.status == 200);
    admissions.principal = Principal{.user_id = "u-3", .scopes = {"read"}};
    const HttpResponse fourth = ask();
    CHECK(fourth.status == 503);
    CHECK(fourth.header("Retry-After") == "5");
}

TEST_CASE_METHOD(Fixture, "a database that does not answer is 503")
{
    events.failure = Error{Errc::unavailable, "away"};

    CHECK(ask().status == 503);
}

}  // namespace
}  // namespace libra
