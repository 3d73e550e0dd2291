#include "api-gateway/history/log_handler.hpp"

#include "tests/support/fake_admission_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_history_store.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;

struct Fixture {
    Fixture()
    {
        admissions.principal = Principal{.user_id = "u-1", .scopes = {"read"}};
        history.lines = {
            {.seq = 1, .step = "validate", .stream = "milestone", .line = "Validating"},
            {.seq = 2, .step = "build", .stream = "stdout", .line = "say \"hi\""},
            {.seq = 5, .step = "build", .stream = "stderr", .line = "no"}};
    }

    HttpResponse logs(std::string_view accept = {}, std::vector<QueryParameter> query = {})
    {
        HttpRequest request;
        request.path = "/deployments/d-1/logs";
        request.headers = {{"Authorization", "Bearer tok-1"}};
        if (!accept.empty()) {
            request.headers.push_back({"Accept", accept});
        }
        request.query = std::move(query);
        return LogHandler{{admissions, history, clock}, log.log()}.handle(request);
    }

    testing::FakeAdmissionStore admissions;
    testing::FakeHistoryStore history;
    testing::FakeClock clock;
    testing::RecordingLog log;
};

TEST_CASE_METHOD(Fixture, "a log is JSON that tells where to go on")
{
    const HttpResponse response = logs({}, {{"limit", "2"}});

    CHECK(response.status == 200);
    CHECK(
        response.body ==
        R"({"deploymentId":"d-1","lines":[)"
        R"({"seq":1,"at":"1970-01-01T00:00:00.000Z","step":"validate","stream":"milestone",)"
        R"("line":"Validating"},)"
        R"({"seq":2,"at":"1970-01-01T00:00:00.000Z","step":"build","stream":"stdout",)"
        R"("line":"say \"hi\""}],"nextAfter":2,"finished":false,)"
        R"("timestamp":"1970-01-01T00:00:00.000Z"})"
    );
    CHECK(response.header("Vary") == "Accept");
}

TEST_CASE_METHOD(Fixture, "the last piece of a log says so")
{
    CHECK_THAT(
        logs({}, {{"after", "2"}}).body, Contains(R"("line":"no"}],"nextAfter":5,"finished":true,)")
    );
    CHECK_THAT(
        logs({}, {{"after", "5"}}).body, Contains(R"("lines":[],"nextAfter":5,"finished":true,)")
    );
}

TEST_CASE_METHOD(Fixture, "a log in JSON is bounded in lines and bytes")
{
    history.lines.assign(3000, {});
    for (std::size_t index = 0; index < history.lines.size(); ++index) {
        history.lines[index].seq = static_cast<std::int64_t>(index + 1);
    }

    CHECK_THAT(logs().body, Contains(R"("nextAfter":1000,"finished":false)"));
    CHECK_THAT(logs({}, {{"limit", "2000"}}).body, Contains(R"("nextAfter":2000)"));

    for (LogEntry& entry : history.lines) {
        entry.line = std::string(4096, 'x');
    }
    CHECK_THAT(logs().body, Contains(R"("nextAfter":256,"finished":false)"));
}

TEST_CASE_METHOD(Fixture, "a log as text is its lines and nothing else")
{
    const HttpResponse response = logs("text/plain");

    CHECK(response.status == 200);
    CHECK(response.header("Content-Type") == "text/plain; charset=utf-8");
    CHECK(response.header("Vary") == "Accept");
    CHECK(response.body == "Validating\nsay \"hi\"\nno\n");
}

TEST_CASE_METHOD(Fixture, "a log as text or NDJSON is whole unless a limit is set")
{
    history.lines.assign(3000, {});
    for (std::size_t index = 0; index < history.lines.size(); ++index) {
        history.lines[index].seq = static_cast<std::int64_t>(index + 1);
    }
    const auto lines = [](const HttpResponse& response) {
        return std::count(response.body.begin(), response.body.end(), '\n');
    };

    CHECK(lines(logs("text/plain")) == 3000);
    CHECK(lines(logs("application/x-ndjson")) == 3000);
    CHECK(lines(logs("text/plain", {{"limit", "7"}})) == 7);
}

TEST_CASE_METHOD(Fixture, "a log as NDJSON is one object a line")
{
    const HttpResponse response = logs("application/x-ndjson", {{"after", "2"}});

    CHECK(response.header("Content-Type") == "application/x-ndjson");
    CHECK(
        response.body ==
        R"({"seq":5,"at":"1970-01-01T00:00:00.000Z","step":"build","stream":"stderr","line":"no"})"
        "\n"
    );
}

TEST_CASE_METHOD(Fixture, "an error is JSON whatever form was asked for")
{
    history.log_failure = Error{Errc::not_found, "d-1"};

    const HttpResponse response = logs("text/plain");

    CHECK(response.status == 404);
    CHECK(response.header("Content-Type") == "application/json");
}

TEST_CASE_METHOD(Fixture, "a bad parameter of a log is named")
{
    const HttpResponse response = logs("text/plain", {{"step", "compile"}});

    CHECK(response.status == 400);
    CHECK_THAT(response.body, Contains("/query/step"));
    CHECK(history.calls.empty());
}

}  // namespace
}  // namespace libra
