#include "api-gateway/history/history_handlers.hpp"

#include "api-gateway/history/log_handler.hpp"
#include "tests/support/fake_admission_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_history_store.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Fixture {
    Fixture() { admissions.principal = Principal{.user_id = "u-1", .scopes = {"read"}}; }

    HistoryHandler::Parts parts() { return {admissions, history, clock}; }

    static HttpRequest to(std::string path)
    {
        HttpRequest request;
        request.path = std::move(path);
        request.headers = {{"Authorization", "Bearer tok-1"}};
        return request;
    }

    HttpResponse list(std::vector<QueryParameter> query = {})
    {
        HttpRequest request = to("/deployments");
        request.query = std::move(query);
        return DeploymentListHandler{parts(), log.log()}.handle(request);
    }

    HttpResponse show(const std::string& id = "d-1")
    {
        return DeploymentDetailHandler{parts(), log.log()}.handle(to("/deployments/" + id));
    }

    HttpResponse logs(const std::string& id = "d-1")
    {
        return LogHandler{parts(), log.log()}.handle(to("/deployments/" + id + "/logs"));
    }

    testing::FakeAdmissionStore admissions;
    testing::FakeHistoryStore history;
    testing::FakeClock clock;
    testing::RecordingLog log;
};

TEST_CASE_METHOD(Fixture, "a token that may not even read learns nothing of the history")
{
    admissions.principal = Principal{.user_id = "u-1"};

    for (const HttpResponse& response : {list(), show(), logs()}) {
        CHECK(response.status == 403);
        CHECK_THAT(response.body, Contains("`read`"));
    }
    CHECK(history.calls.empty());
}

TEST_CASE_METHOD(Fixture, "the history is read on behalf of the caller")
{
    list();
    admissions.principal = Principal{.user_id = "bot", .service = true, .scopes = {"read"}};
    show();
    admissions.principal = Principal{.user_id = "ops", .scopes = {"admin"}};
    logs();

    REQUIRE(history.calls.size() == 3);
    CHECK(history.calls[0].reader.user_id == "u-1");
    CHECK_FALSE(history.calls[0].reader.everywhere);
    CHECK(history.calls[1].reader.everywhere);
    CHECK_FALSE(history.calls[2].reader.everywhere);
}

TEST_CASE_METHOD(Fixture, "a store of the history that fails is a reason to try later")
{
    const Error away{Errc::unavailable, "10.0.0.1 away"};
    history.page = away;
    history.deployment = away;
    history.log_failure = away;

    for (const HttpResponse& response : {list(), show(), logs()}) {
        CHECK(response.status == 503);
        CHECK_THAT(response.body, !Contains("10.0.0.1"));
    }
}

TEST_CASE_METHOD(Fixture, "a deployment that the caller may not see is not there")
{
    history.deployment = Error{Errc::not_found, "d-1"};
    history.log_failure = Error{Errc::not_found, "d-1"};

    for (const HttpResponse& response : {show(), logs()}) {
        CHECK(response.status == 404);
        CHECK_THAT(response.body, Contains("\"deployment_not_found\""));
    }
}

TEST_CASE_METHOD(Fixture, "an id that no deployment can have is not looked up")
{
    for (const HttpResponse& response : {show("a b"), logs("a b")}) {
        CHECK(response.status == 400);
        CHECK_THAT(response.body, Contains("\"invalid_id\""));
    }
    CHECK(history.calls.empty());
}

TEST_CASE_METHOD(Fixture, "a project or organisation that the caller may not see has no history")
{
    history.page = Error{Errc::not_found, "o-1"};

    CHECK_THAT(list({{"orgId", "o-1"}}).body, Contains("\"organization_not_found\""));
    CHECK_THAT(
        list({{"orgId", "o-1"}, {"projectId", "p-1"}}).body, Contains("\"project_not_found\"")
    );
    CHECK(list({{"projectId", "p-1"}}).status == 404);
}

TEST_CASE_METHOD(Fixture, "deployments are listed with the way to the next page")
{
    DeploymentSummary failed{
        .id = "d-2",
        .project_id = "p-1",
        .org_id = "o-1",
        .user_id = "u-1",
        .status = DeploymentStatus::failed,
        .failure_class = FailureClass::user,
        .error_code = "build_failed",
        .error = "npm run build failed",
        .created_at = UtcTime{seconds{1}},
        .started_at = UtcTime{seconds{2}},
        .finished_at = UtcTime{milliseconds{4'500}}};
    failed.steps[0] = StepStatus::completed;
    failed.steps[1] = StepStatus::failed;
    history.page = HistoryPage{
        .deployments = {failed}, .next = HistoryPosition{.created_at = 12, .deployment_id = "d-2"}};

    const HttpResponse response = list(
        {{"orgId", "o-1"},
         {"projectId", "p-1"},
         {"status", "failed"},
         {"limit", "1"},
         {"cursor", "40.d-3"}}
    );

    CHECK(response.status == 200);
    CHECK(
        response.body ==
        R"({"deployments":[{"deploymentId":"d-2","projectId":"p-1","orgId":"o-1","userId":"u-1",)"
        R"("status":"failed","currentStep":"sync","progress":16,"failureClass":"user",)"
        R"("errorCode":"build_failed","error":"npm run build failed","live":false,"kind":"deploy",)"
        R"("createdAt":"1970-01-01T00:00:01.000Z","startedAt":"1970-01-01T00:00:02.000Z",)"
        R"("finishedAt":"1970-01-01T00:00:04.500Z","durationMs":2500}],"nextCursor":"12.d-2",)"
        R"("timestamp":"1970-01-01T00:00:00.000Z"})"
    );
    REQUIRE(history.calls.size() == 1);
    const testing::FakeHistoryStore::Call& call = history.calls[0];
    CHECK(call.filter.org_id == "o-1");
    CHECK(call.filter.project_id == "p-1");
    CHECK(call.filter.status == DeploymentStatus::failed);
    CHECK(call.limit == 1);
    CHECK(call.before == HistoryPosition{.created_at = 40, .deployment_id = "d-3"});
}

TEST_CASE_METHOD(Fixture, "the last page of deployments leads nowhere")
{
    CHECK_THAT(list().body, Contains(R"({"deployments":[],"timestamp":)"));
}

TEST_CASE_METHOD(Fixture, "every bad parameter of a list of deployments is named")
{
    const HttpResponse response = list({{"limit", "0"}, {"status", "done"}, {"cursor", "x"}});

    CHECK(response.status == 400);
    for (const char* const pointer : {"/query/limit", "/query/status", "/query/cursor"}) {
        CHECK_THAT(response.body, Contains(pointer));
    }
    CHECK(history.calls.empty());
}

TEST_CASE_METHOD(Fixture, "one deployment is shown with its attempts, six steps and artifact")
{
    DeploymentHistory found{
        .summary =
            {.id = "d-1",
             .project_id = "p-1",
             .org_id = "o-1",
             .user_id = "u-1",
             .status = DeploymentStatus::completed,
             .url = "http://p.localhost/",
             .preview_url = "http://p--1.localhost/",
             .live = true,
             .kind = DeploymentKind::rollback,
             .source_id = "d-0"},
        .generation = 7,
        .attempts = {{.number = 1, .worker = "w-1", .outcome = "completed"}},
        .artifact = ArtifactRecord{.digest = "ab", .files = 3, .bytes = 300}};
    found.steps[3] = {
        .status = StepStatus::completed,
        .started_at = UtcTime{seconds{1}},
        .finished_at = UtcTime{seconds{3}},
        .attempt = 1};
    history.deployment = found;

    const HttpResponse response = show();

    CHECK(response.status == 200);
    for (const char* const part :
         {R"("progress":100,"url":"http://p.localhost/","previewUrl":"http://p--1.localhost/",)",
          R"("live":true,"kind":"rollback","sourceDeploymentId":"d-0",)",
          R"("generation":7,"attempts":[{"number":1,"worker":"w-1",)",
          R"("steps":[{"step":"validate","status":"pending"},{"step":"sync",)",
          R"({"step":"build","status":"completed","startedAt":"1970-01-01T00:00:01.000Z",)",
          R"("finishedAt":"1970-01-01T00:00:03.000Z","durationMs":2000,"attempt":1})",
          R"({"step":"cleanup","status":"pending"}])",
          R"("artifact":{"digest":"ab","files":3,"bytes":300}})"}) {
        CHECK_THAT(response.body, Contains(part));
    }
    CHECK(history.calls.at(0).deployment_id == "d-1");
}

}  // namespace
}  // namespace libra
