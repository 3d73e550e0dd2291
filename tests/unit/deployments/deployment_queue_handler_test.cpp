#include "api-gateway/deployments/deployment_queue_handler.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_deployment_control.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;
using std::chrono::seconds;

struct Fixture {
    HttpResponse get(const std::string& path, std::vector<HttpHeader> headers)
    {
        HttpRequest request;
        request.method = "GET";
        request.path = path;
        request.headers = std::move(headers);
        return DeploymentQueueHandler{control, clock, log.log()}.handle(request);
    }

    HttpResponse get()
    {
        return get("/deployments/d-1/queue", {{"Authorization", "Bearer tok-1"}});
    }

    testing::FakeDeploymentControl control;
    testing::FakeClock clock;
    testing::RecordingLog log;
};

TEST_CASE_METHOD(Fixture, "a deployment that waits is told its place")
{
    control.queue_place = QueuePlace{
        .ahead = 3, .running = 4, .capacity = 5, .estimated_start = UtcTime{seconds{20}}};

    const HttpResponse response = get();

    CHECK(response.status == 200);
    CHECK(
        response.body ==
        R"({"deploymentId":"d-1","status":"queued","position":4,"ahead":3,"running":4,)"
        R"("capacity":5,"estimatedStart":"1970-01-01T00:00:20.000Z",)"
        R"("blockedBy":{"reason":"queue","message":"3 deployments are before it."},)"
        R"("timestamp":"1970-01-01T00:00:00.000Z"})"
    );
    REQUIRE(control.calls.size() == 1);
    CHECK(control.calls[0].credential.digest == sha256("tok-1"));
    CHECK(control.calls[0].deployment_id == "d-1");
}

TEST_CASE_METHOD(Fixture, "a deployment that does not wait has a status and no place")
{
    control.queue_place = QueuePlace{.status = DeploymentStatus::in_progress, .ahead = 3};

    CHECK(
        get().body ==
        R"({"deploymentId":"d-1","status":"in_progress","timestamp":"1970-01-01T00:00:00.000Z"})"
    );
}

TEST_CASE_METHOD(Fixture, "the cause that has to go away first is the one that is named")
{
    QueuePlace place{
        .held_by = "d-0",
        .organization_full = true,
        .fleet_full = true,
        .retry_at = UtcTime{seconds{5}},
        .ahead = 1,
    };
    const auto block = [&] {
        control.queue_place = place;
        return get().body;
    };

    CHECK_THAT(block(), Contains(R"("blockedBy":{"reason":"project","deploymentId":"d-0",)"));
    place.held_by.reset();
    CHECK_THAT(block(), Contains(R"("blockedBy":{"reason":"organization_limit","message":)"));
    place.organization_full = false;
    CHECK_THAT(block(), Contains(R"("blockedBy":{"reason":"fleet_limit","message":)"));
    place.fleet_full = false;
    CHECK_THAT(
        block(),
        Contains(R"("blockedBy":{"reason":"retry","retryAt":"1970-01-01T00:00:05.000Z","message":)")
    );
    place.retry_at.reset();
    CHECK_THAT(block(), Contains(R"({"reason":"queue","message":"One deployment is before it."})"));
    place.ahead = 0;
    CHECK_THAT(block(), Contains(R"("blockedBy":{"reason":"none","message":)"));
}

TEST_CASE_METHOD(Fixture, "without a valid credential no place is told")
{
    CHECK(get("/deployments/d-1/queue", {}).status == 401);
    CHECK(control.calls.empty());

    control.queue_place = Error{Errc::unauthenticated, "unknown"};
    CHECK(get().status == 401);
}

TEST_CASE_METHOD(Fixture, "a malformed id has no place that could be looked up")
{
    const HttpResponse response =
        get("/deployments/a b/queue", {{"Authorization", "Bearer tok-1"}});

    CHECK(response.status == 400);
    CHECK_THAT(response.body, Contains("\"invalid_id\""));
    CHECK(control.calls.empty());
}

TEST_CASE_METHOD(Fixture, "an unknown deployment has no place")
{
    control.queue_place = Error{Errc::not_found, "d-1"};

    const HttpResponse response = get();

    CHECK(response.status == 404);
    CHECK_THAT(response.body, Contains("\"deployment_not_found\""));
}

TEST_CASE_METHOD(Fixture, "without the database no place can be told")
{
    control.queue_place = Error{Errc::unavailable, "away"};

    const HttpResponse response = get();

    CHECK(response.status == 503);
    CHECK(response.header("Retry-After") == "1");
}

}  // namespace
}  // namespace libra
