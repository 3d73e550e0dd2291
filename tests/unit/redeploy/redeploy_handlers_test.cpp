#include "api-gateway/redeploy/redeploy_endpoints.hpp"
#include "tests/support/fake_admission_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_random.hpp"
#include "tests/support/fake_redeploy_store.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;

struct Fixture {
    Fixture() { admissions.principal = Principal{.user_id = "u-1", .scopes = {"deploy"}}; }

    RedeployHandler::Parts parts()
    {
        return {
            admissions,
            redeployments,
            clock,
            random,
            [this] { ++woken; },
            [this] { return storage_full; }};
    }

    static HttpRequest to(std::string path, std::string_view body = {})
    {
        HttpRequest request;
        request.path = std::move(path);
        request.headers = {{"Authorization", "Bearer tok-1"}};
        request.body = body;
        request.request_id = "req-1";
        request.trace.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
        return request;
    }

    HttpResponse retry(const std::string& id = "d-1")
    {
        return RetryHandler{parts(), log.log()}.handle(to("/deployments/" + id + "/retry"));
    }

    HttpResponse promote(const std::string& id = "d-1")
    {
        return PromoteHandler{parts(), log.log()}.handle(to("/deployments/" + id + "/promote"));
    }

    HttpResponse rollback(std::string_view body = "{}", const std::string& id = "p-1")
    {
        return RollbackHandler{parts(), log.log()}.handle(to("/projects/" + id + "/rollback", body)
        );
    }

    std::vector<HttpResponse> all() { return {retry(), promote(), rollback()}; }

    testing::FakeAdmissionStore admissions;
    testing::FakeRedeployStore redeployments;
    testing::FakeClock clock;
    testing::FakeRandom random;
    testing::RecordingLog log;
    int woken{0};
    bool storage_full{false};
};

TEST_CASE_METHOD(
    Fixture,
    "every endpoint that redeploys needs a credential and waits for the database"
)
{
    RedeployEndpoints endpoints{parts(), log.log()};

    const Routes routes = endpoints.routes();

    CHECK(routes.size() == 3);
    for (const Route& route : routes) {
        CAPTURE(route.method, route.path);
        CHECK(route.access == Access::credential);
        CHECK(route.runs == Runs::on_worker);
        CHECK(route.handler->handle({}).status == 401);
    }
}

TEST_CASE_METHOD(Fixture, "while the disks are almost full only finished releases are brought back")
{
    storage_full = true;

    const HttpResponse response = retry();

    CHECK(response.status == 503);
    CHECK_THAT(response.body, Contains("storage_full"));
    CHECK(redeployments.asked.empty());
    CHECK(promote().status == 202);
}

TEST_CASE_METHOD(Fixture, "a retry is a new deployment from an earlier one, in the caller's name")
{
    const HttpResponse response = retry();

    REQUIRE(redeployments.asked.size() == 1);
    const Redeployment& asked = redeployments.asked[0];
    CHECK(response.status == 202);
    CHECK(response.header("Location") == "/deploy-status?id=" + asked.id);
    CHECK_THAT(
        response.body,
        Contains(R"({"success":true,"deploymentId":")" + asked.id + R"(","status":"queued",)")
    );
    CHECK(asked.kind == DeploymentKind::retry);
    CHECK(asked.source_id == "d-1");
    CHECK_FALSE(asked.project_id);
    CHECK(asked.user_id == "u-1");
    CHECK_FALSE(asked.everywhere);
    CHECK(asked.request_id == "req-1");
    CHECK(asked.trace.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736");
    CHECK_THAT(log.lines().at(0), Contains(R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736")"));
    CHECK(woken == 1);
}

TEST_CASE_METHOD(Fixture, "a promotion names the deployment whose release is to be live")
{
    promote("d-7");

    CHECK(redeployments.asked.at(0).kind == DeploymentKind::promote);
    CHECK(redeployments.asked.at(0).source_id == "d-7");
}

TEST_CASE_METHOD(Fixture, "a rollback goes to the release before, or to the one that is named")
{
    rollback();
    rollback(R"({"deploymentId":"d-3"})");

    REQUIRE(redeployments.asked.size() == 2);
    CHECK(redeployments.asked[0].kind == DeploymentKind::rollback);
    CHECK(redeployments.asked[0].project_id == "p-1");
    CHECK_FALSE(redeployments.asked[0].source_id);
    CHECK(redeployments.asked[1].source_id == "d-3");
}

TEST_CASE_METHOD(
    Fixture,
    "service tokens redeploy for every organisation, other administrators do not"
)
{
    admissions.principal = Principal{.user_id = "bot", .service = true, .scopes = {"deploy"}};
    retry();
    admissions.principal = Principal{.user_id = "ops", .scopes = {"admin"}};
    retry();

    CHECK(redeployments.asked.at(0).everywhere);
    CHECK_FALSE(redeployments.asked.at(1).everywhere);
}

TEST_CASE_METHOD(Fixture, "who may only read redeploys nothing")
{
    admissions.principal = Principal{.user_id = "u-1", .scopes = {"read"}};

    for (const HttpResponse& response : all()) {
        CHECK(response.status == 403);
        CHECK_THAT(response.body, Contains("\"missing_scope\""));
    }
    CHECK(redeployments.asked.empty());
}

TEST_CASE_METHOD(Fixture, "every reason not to redeploy has its status and code")
{
    struct Row {
        RedeployVerdict verdict;
        int status;
        const char* code;
    };

    const Row row = GENERATE(
        Row{RedeployVerdict::role_may_not_deploy, 403, "\"role_may_not_deploy\""},
        Row{RedeployVerdict::project_inactive, 409, "\"project_inactive\""},
        Row{RedeployVerdict::source_not_found, 404, "\"deployment_not_found\""},
        Row{RedeployVerdict::source_unfinished, 409, "\"deployment_unfinished\""},
        Row{RedeployVerdict::release_gone, 409, "\"release_gone\""},
        Row{RedeployVerdict::already_live, 409, "\"already_live\""},
        Row{RedeployVerdict::no_earlier_release, 409, "\"no_earlier_release\""},
        Row{RedeployVerdict::deployment_in_progress, 409, "\"deployment_in_progress\""},
        Row{RedeployVerdict::outbox_full, 503, "\"queue_full\""}
    );
    redeployments.answer = RedeployAnswer{.verdict = row.verdict};

    for (const HttpResponse& response : all()) {
        CHECK(response.status == row.status);
        CHECK_THAT(response.body, Contains(row.code));
    }
    CHECK(woken == 0);
}

TEST_CASE_METHOD(Fixture, "the deployment that is in the way is named")
{
    redeployments.answer = RedeployAnswer{
        .verdict = RedeployVerdict::deployment_in_progress, .blocking_deployment = "d-9"};

    const HttpResponse response = retry();

    CHECK_THAT(response.body, Contains(R"("details":{"deploymentId":"d-9"})"));
    CHECK_THAT(response.body, !Contains("onConflict"));
}

TEST_CASE_METHOD(Fixture, "what the caller may not see is not there")
{
    redeployments.answer = RedeployAnswer{.verdict = RedeployVerdict::not_found};

    CHECK_THAT(retry().body, Contains("\"deployment_not_found\""));
    CHECK_THAT(promote().body, Contains("\"deployment_not_found\""));
    CHECK_THAT(rollback().body, Contains("\"project_not_found\""));
    CHECK(rollback().status == 404);
}

TEST_CASE_METHOD(Fixture, "an id that nothing can have is not looked up")
{
    for (const HttpResponse& response : {retry("a b"), promote("a b"), rollback("{}", "a b")}) {
        CHECK(response.status == 400);
        CHECK_THAT(response.body, Contains("\"invalid_id\""));
    }
    CHECK(redeployments.asked.empty());
}

TEST_CASE_METHOD(Fixture, "a rollback whose body is no request is refused")
{
    CHECK_THAT(rollback("").body, Contains("\"invalid_json\""));
    CHECK_THAT(rollback(R"({"deployment":"d-1"})").body, Contains("/deployment"));
    CHECK(redeployments.asked.empty());
}

TEST_CASE_METHOD(Fixture, "without the database nothing can be redeployed")
{
    redeployments.answer = Error{Errc::unavailable, "10.0.0.1 away"};

    for (const HttpResponse& response : all()) {
        CHECK(response.status == 503);
        CHECK_THAT(response.body, !Contains("10.0.0.1"));
    }
}

}  // namespace
}  // namespace libra
