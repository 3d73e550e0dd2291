#include "api-gateway/deployments/deployment_cancel_handler.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_deployment_control.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;

struct Fixture {
    HttpResponse cancel(const std::string& path, std::vector<HttpHeader> headers)
    {
        HttpRequest request;
        request.method = "POST";
        request.path = path;
        request.headers = std::move(headers);
        request.request_id = "req-1";
        return DeploymentCancelHandler{control, clock, log.log()}.handle(request);
    }

    HttpResponse cancel()
    {
        return cancel("/deployments/d-1/cancel", {{"Authorization", "Bearer tok-1"}});
    }

    testing::FakeDeploymentControl control;
    testing::FakeClock clock;
    testing::RecordingLog log;
};

TEST_CASE_METHOD(Fixture, "a deployment that nobody runs is cancelled at once")
{
    control.verdict = CancelVerdict::cancelled;

    const HttpResponse response = cancel();

    CHECK(response.status == 200);
    CHECK_THAT(
        response.body, Contains(R"("success":true,"deploymentId":"d-1","status":"cancelled")")
    );
    REQUIRE(control.calls.size() == 1);
    CHECK(control.calls[0].credential.digest == sha256("tok-1"));
    CHECK(control.calls[0].deployment_id == "d-1");
    CHECK(control.calls[0].request_id == "req-1");
}

TEST_CASE_METHOD(Fixture, "a deployment that runs is being cancelled")
{
    control.verdict = CancelVerdict::cancelling;

    const HttpResponse response = cancel();

    CHECK(response.status == 202);
    CHECK_THAT(response.body, Contains(R"("success":true,"deploymentId":"d-1")"));
    CHECK_THAT(response.body, Contains(R"("status":"cancelling")"));
}

TEST_CASE_METHOD(Fixture, "every reason not to cancel has its status and code")
{
    struct Row {
        CancelVerdict verdict;
        int status;
        const char* code;
    };

    const Row row = GENERATE(
        Row{CancelVerdict::finished, 409, "\"deployment_finished\""},
        Row{CancelVerdict::live, 409, "\"deployment_live\""},
        Row{CancelVerdict::unauthenticated, 401, "\"unauthenticated\""},
        Row{CancelVerdict::missing_scope, 403, "\"missing_scope\""},
        Row{CancelVerdict::not_found, 404, "\"deployment_not_found\""},
        Row{CancelVerdict::role_may_not_deploy, 403, "\"role_may_not_deploy\""}
    );
    control.verdict = row.verdict;

    const HttpResponse response = cancel();

    CHECK(response.status == row.status);
    CHECK_THAT(response.body, Contains(row.code));
    CHECK_THAT(response.body, Contains(R"("success":false)"));
}

TEST_CASE_METHOD(Fixture, "who comes too late to cancel learns what to do instead")
{
    control.verdict = CancelVerdict::live;

    CHECK_THAT(cancel().body, Contains("deploy again"));
}

TEST_CASE_METHOD(Fixture, "without a credential nothing is cancelled")
{
    CHECK(cancel("/deployments/d-1/cancel", {}).status == 401);
    CHECK(control.calls.empty());
}

TEST_CASE_METHOD(Fixture, "a malformed id is not looked up to be cancelled")
{
    const std::string id = GENERATE(as<std::string>{}, "a b", "'; drop", std::string(129, 'a'));

    const HttpResponse response =
        cancel("/deployments/" + id + "/cancel", {{"Authorization", "Bearer tok-1"}});

    CHECK(response.status == 400);
    CHECK_THAT(response.body, Contains("\"invalid_id\""));
    CHECK_THAT(response.body, Contains("in the path"));
    CHECK(control.calls.empty());
}

TEST_CASE_METHOD(Fixture, "without the database nothing can be cancelled")
{
    control.verdict = Error{Errc::unavailable, "connection to 10.0.0.1 refused"};

    const HttpResponse response = cancel();

    CHECK(response.status == 503);
    CHECK(response.header("Retry-After") == "1");
    CHECK_THAT(response.body, !Contains("10.0.0.1"));
}

}  // namespace
}  // namespace libra
