#include "api-gateway/operations/operations_endpoints.hpp"
#include "tests/support/fake_admission_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_operations_store.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace libra {
namespace {

using Catch::Matchers::Contains;

struct Fixture {
    Fixture() { admissions.principal = Principal{.user_id = "ada", .scopes = {"read"}}; }

    HttpResponse ask(std::string_view path, std::vector<QueryParameter> query = {})
    {
        const Routes routes = endpoints.routes();
        const auto route = std::find_if(routes.begin(), routes.end(), [&](const Route& each) {
            return each.path == path;
        });
        REQUIRE(route != routes.end());
        HttpRequest request;
        request.path = path;
        request.headers = {{"Authorization", "Bearer tok-1"}};
        request.query = std::move(query);
        return route->handler->handle(request);
    }

    void be_operator()
    {
        admissions.principal = Principal{.user_id = "ops", .service = true, .scopes = {"admin"}};
    }

    testing::FakeAdmissionStore admissions;
    testing::FakeOperationsStore store;
    testing::FakeClock clock;
    testing::RecordingLog log;
    std::optional<BrokerReading> reading{BrokerReading{.messages = 3, .consumers = 2}};
    OperationsEndpoints endpoints{
        {admissions, store, clock, [this] { return reading; }},
        log.log()};
};

TEST_CASE_METHOD(Fixture, "every endpoint about operations needs a credential")
{
    for (const Route& route : endpoints.routes()) {
        CAPTURE(route.path);
        CHECK(route.access == Access::credential);
        CHECK(route.runs == Runs::on_worker);
        CHECK(route.handler->handle({}).status == 401);
    }
    CHECK(store.calls == 0);
}

TEST_CASE_METHOD(Fixture, "while the database is away operations are unavailable")
{
    be_operator();
    const Error away{Errc::unavailable, "connection to 10.0.0.1 refused"};
    store.overview = away;
    store.page = away;

    for (const char* path : {"/queue", "/audit"}) {
        const HttpResponse response = ask(path);
        CHECK(response.status == 503);
        CHECK_THAT(response.body, !Contains("10.0.0.1"));
    }
}

TEST_CASE_METHOD(Fixture, "the queue shows what waits, what runs and what the broker says")
{
    store.overview = QueueOverview{
        .waiting = 7,
        .ready = 4,
        .held = 1,
        .retrying = 2,
        .running = 5,
        .capacity = 6,
        .unsent = 1,
        .oldest_at = UtcTime{} - std::chrono::seconds{3},
        .completed = 30,
        .estimated_wait = std::chrono::seconds{9}};

    CHECK(
        ask("/queue").body ==
        R"({"depth":7,"ready":4,"held":1,"retrying":2,"inFlight":5,"capacity":6,"unsent":1,)"
        R"("messages":3,"consumers":2,"oldestAgeMs":3000,"completedPerMinute":2.00,)"
        R"("estimatedWaitMs":9000,"timestamp":"1970-01-01T00:00:00.000Z"})"
    );
}

TEST_CASE_METHOD(
    Fixture,
    "the queue shows without the broker, and no age from a clock ahead of ours"
)
{
    reading.reset();
    store.overview->oldest_at = UtcTime{} + std::chrono::seconds{3};

    CHECK_THAT(
        ask("/queue").body,
        !Contains("messages") && !Contains("consumers") && Contains(R"("oldestAgeMs":0)")
    );
}

TEST_CASE_METHOD(Fixture, "an operator reads the whole audit log, as narrow as it is asked for")
{
    be_operator();
    store.page = AuditPage{
        .entries =
            {{.id = 9,
              .actor = "ada",
              .action = "project.create",
              .subject = "shop",
              .org_id = "acme",
              .request_id = "r-1",
              .details_json = R"({"name":"Shop"})"}},
        .next = 9};

    const HttpResponse response =
        ask("/audit",
            {{"actor", "ada"},
             {"action", "project.create"},
             {"subject", "shop"},
             {"limit", "1"},
             {"cursor", "12"}});

    CHECK(
        response.body ==
        R"({"entries":[{"id":9,"at":"1970-01-01T00:00:00.000Z","actor":"ada",)"
        R"("action":"project.create","subject":"shop","orgId":"acme","requestId":"r-1",)"
        R"("details":{"name":"Shop"}}],"nextCursor":"9","timestamp":"1970-01-01T00:00:00.000Z"})"
    );
    CHECK(store.requester.everywhere);
    CHECK(store.filter.actor == "ada");
    CHECK(store.filter.action == "project.create");
    CHECK(store.filter.subject == "shop");
    CHECK_FALSE(store.filter.org_id);
    CHECK(store.before == 12);
    CHECK(store.limit == 1);
}

TEST_CASE_METHOD(Fixture, "others name the organisation whose log they read")
{
    CHECK_THAT(ask("/audit").body, Contains("not_an_operator") && Contains("orgId"));
    CHECK(store.calls == 0);

    CHECK(ask("/audit", {{"orgId", "acme"}}).status == 200);
    CHECK_FALSE(store.requester.everywhere);
    CHECK(store.filter.org_id == "acme");

    store.page = Error{Errc::not_found, "x"};
    CHECK_THAT(ask("/audit", {{"orgId", "acme"}}).body, Contains("organization_not_found"));
    store.page = Error{Errc::forbidden, "x"};
    CHECK_THAT(ask("/audit", {{"orgId", "acme"}}).body, Contains("role_not_sufficient"));
}

TEST_CASE_METHOD(Fixture, "every bad parameter of the audit log is named")
{
    CHECK_THAT(
        ask("/audit",
            {{"orgId", "a b"}, {"actor", "a b"}, {"action", ""}, {"limit", "0"}, {"cursor", "x"}}
        ).body,
        Contains("/query/orgId") && Contains("/query/actor") && Contains("/query/action") &&
            Contains("/query/limit") && Contains("/query/cursor")
    );
}

}  // namespace
}  // namespace libra
