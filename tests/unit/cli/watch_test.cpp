#include "cli/watch.hpp"

#include "cli/command_failed.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_random.hpp"
#include "tests/support/scripted_http_client.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <deque>

namespace libra {
namespace {

using Catch::Matchers::Contains;
using testing::ScriptedHttpClient;

/// What the gateway does with one request for the events.
struct Stream {
    std::string text{};
    Result<HttpReply> reply{HttpReply{.status = 200}};
};

struct Fixture {
    Fixture() : out{std::tmpfile()}, err{std::tmpfile()} {}

    ~Fixture()
    {
        std::fclose(out);
        std::fclose(err);
    }

    Fixture(const Fixture&) = delete;
    Fixture& operator=(const Fixture&) = delete;

    Result<HttpReply> answer(const HttpCall& call)
    {
        REQUIRE_FALSE(streams.empty());
        const Stream stream = streams.front();
        streams.pop_front();
        if (call.take_piece && !call.take_piece(stream.text)) {
            return Error{Errc::cancelled, "stopped"};
        }
        return stream.reply;
    }

    static std::string text(std::FILE* stream)
    {
        std::rewind(stream);
        std::array<char, 8192> bytes{};
        return {bytes.data(), std::fread(bytes.data(), 1, bytes.size(), stream)};
    }

    std::string last_event_id() const
    {
        for (const HttpField& header : http.calls().back().headers) {
            if (header.name == "Last-Event-ID") {
                return header.value;
            }
        }
        return "-";
    }

    std::FILE* out;
    std::FILE* err;
    std::deque<Stream> streams{};
    ScriptedHttpClient http{[this](const HttpCall& call) { return answer(call); }};
    testing::FakeClock clock{};
    testing::FakeRandom random{};
    Terminal terminal{out, err, false, false};
    Interrupts interrupts{};
    ApiClient api{http, clock, {.url = "http://p", .token = "t"}, {}};
    CommandContext context{
        .terminal = terminal,
        .api = api,
        .clock = clock,
        .random = random,
        .interrupts = interrupts};
};

const std::string k_begin{
    "id: 1\nevent: step\ndata: {\"step\":\"build\",\"status\":\"in_progress\"}\n\n"
    "id: 2\nevent: log\ndata: {\"step\":\"build\",\"stream\":\"stdout\",\"line\":\"vite\"}\n\n"};
const std::string k_end{
    "id: 3\nevent: step\ndata: {\"step\":\"build\",\"status\":\"completed\"}\n\n"
    "id: 4\nevent: end\ndata: {\"status\":\"completed\",\"url\":\"http://site/\"}\n\n"};

TEST_CASE_METHOD(Fixture, "a deployment is shown until it ends, its address as the result")
{
    streams = {{k_begin + k_end}};

    const DeploymentEnd end = watch(context, "d1", {});
    report_end(context, "d1", end);

    CHECK(end.exit_code() == ExitCode::success);
    CHECK(text(out) == "http://site/\n");
    CHECK_THAT(text(err), Contains("| vite") && Contains("build") && Contains("Live."));
    CHECK(http.calls()[0].url == "http://p/deployments/d1/events");
}

TEST_CASE_METHOD(Fixture, "a stream that breaks off is taken up where it was, once")
{
    streams = {
        {k_begin, Error{Errc::unavailable, "reset"}},
        {"", Error{Errc::unavailable, "refused"}},
        {"", HttpReply{.status = 503}},
        {k_end}};

    CHECK(watch(context, "d1", {.log_only = true}).status == "completed");

    CHECK(last_event_id() == "2");
    CHECK(text(out) == "vite\n");
}

TEST_CASE_METHOD(Fixture, "a platform that stays away is given up, and the deployment goes on")
{
    for (int i = 0; i < 100; ++i) {
        streams.push_back({"", Error{Errc::unavailable, "refused"}});
    }

    try {
        static_cast<void>(watch(context, "d1", {}));
        FAIL("it went on");
    } catch (const CommandFailed& failure) {
        CHECK(failure.code() == ExitCode::platform);
        CHECK_THAT(failure.hint(), Contains("libra logs -f d1"));
    }
}

TEST_CASE_METHOD(Fixture, "watching ends after the time it was given")
{
    for (int i = 0; i < 100; ++i) {
        streams.push_back({"", Error{Errc::unavailable, "refused"}});
    }

    try {
        static_cast<void>(watch(context, "d1", {.timeout = std::chrono::seconds{5}}));
        FAIL("it went on");
    } catch (const CommandFailed& failure) {
        CHECK(failure.code() == ExitCode::timed_out);
    }
}

TEST_CASE_METHOD(Fixture, "a deployment that nobody may see is not watched")
{
    streams = {
        {"",
         HttpReply{
             .status = 404,
             .body = R"({"success":false,"error":"deployment_not_found","message":"None."})"}}};

    CHECK_THROWS_WITH(watch(context, "d1", {}), "None.");
}

TEST_CASE_METHOD(Fixture, "a deployment that was over before is told from its record")
{
    streams = {
        {"", HttpReply{.status = 204}},
        {"", HttpReply{.status = 200, .body = R"({"status":"cancelled"})"}}};

    CHECK(watch(context, "d1", {}).exit_code() == ExitCode::cancelled);
}

TEST_CASE_METHOD(Fixture, "lines of one step are shown alone")
{
    streams = {
        {"id: 1\nevent: log\ndata: {\"step\":\"sync\",\"line\":\"no\"}\n\n"
         "id: 2\nevent: log\ndata: {\"step\":\"build\",\"line\":\"yes\"}\n\n" +
         k_end}};

    static_cast<void>(watch(context, "d1", {.step = "build", .log_only = true}));

    CHECK(text(out) == "yes\n");
}

TEST_CASE("the exit code tells whose fault it was")
{
    const auto code = [](const char* status, const char* failure_class) {
        return DeploymentEnd{.status = status, .failure_class = failure_class}.exit_code();
    };
    CHECK(code("completed", "") == ExitCode::success);
    CHECK(code("failed", "user") == ExitCode::failed);
    CHECK(code("failed", "resource") == ExitCode::failed);
    CHECK(code("failed", "exhausted") == ExitCode::platform);
    CHECK(code("failed", "poison") == ExitCode::platform);
    CHECK(code("cancelled", "") == ExitCode::cancelled);
}

TEST_CASE_METHOD(Fixture, "a failure says where to read why, and what is not one's own doing")
{
    streams = {
        {"", Error{Errc::unavailable, "refused"}},
        {R"({"failure": {"summary": "It broke.", "fix": "Mend it.", "firstErrors": ["boom"]}})"},
        {"", HttpReply{.status = 503}}};

    report_end(context, "d1", {.status = "failed", .failure_class = "user", .error = "npm: 1"});
    CHECK_THAT(text(err), Contains("npm: 1") && Contains("libra logs d1") && !Contains("retry"));
    report_end(context, "d1", {.status = "failed", .failure_class = "user", .error = "npm: 2"});
    CHECK_THAT(text(err), Contains("It broke.") && Contains("Mend it.") && Contains("boom"));
    CHECK_THAT(text(err), !Contains("npm: 2"));
    report_end(context, "d1", {.status = "failed", .failure_class = "exhausted"});
    CHECK_THAT(text(err), Contains("libra retry d1"));
}

}  // namespace
}  // namespace libra
