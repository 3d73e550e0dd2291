#include "cli/api_client.hpp"

#include "cli/command_failed.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/scripted_http_client.hpp"

#include <catch2/catch.hpp>

#include <deque>

namespace libra {
namespace {

using Catch::Matchers::Contains;
using testing::ScriptedHttpClient;

struct Fixture {
    std::deque<Result<HttpReply>> replies{};
    ScriptedHttpClient http{[this](const HttpCall&) -> Result<HttpReply> {
        const Result<HttpReply> reply = replies.front();
        replies.pop_front();
        return reply;
    }};
    testing::FakeClock clock{};
    ApiClient api{http, clock, {.url = "https://p", .token = "t"}, {}};

    template <class Call>
    CommandFailed failure_of(Call call)
    {
        try {
            call();
        } catch (const CommandFailed& failure) {
            return failure;
        }
        FAIL("it did not fail");
        throw;
    }
};

HttpReply error(int status, const std::string& code, const std::string& rest = {})
{
    return {
        .status = status,
        .headers = {{"x-request-id", "req-1"}},
        .body = R"({"success":false,"error":")" + code + R"(","message":"Said so.")" + rest +
                R"(,"timestamp":"x"})"};
}

TEST_CASE_METHOD(Fixture, "a call carries the token and gives the answer")
{
    replies = {HttpReply{.status = 200, .body = R"({"userId":"ada","n":3,"b":true})"}};

    const ApiAnswer answer = api.get("/me");

    CHECK(http.calls()[0].url == "https://p/me");
    CHECK(http.calls()[0].headers[1].value == "Bearer t");
    CHECK(answer.text_at("userId") == "ada");
    CHECK(shown(answer.json.root(), "n") == "3");
    CHECK(shown(answer.json.root(), "b") == "yes");
    CHECK(shown(answer.json.root(), "none").empty());
}

TEST_CASE_METHOD(
    Fixture,
    "what may be done twice is tried again while the platform is away or busy"
)
{
    replies = {
        Error{Errc::unavailable, "refused"},
        HttpReply{.status = 503, .headers = {{"retry-after", "2"}}},
        HttpReply{.status = 200, .body = "{}"}};

    api.get("/me");

    CHECK(http.calls().size() == 3);
}

TEST_CASE_METHOD(Fixture, "a post is tried once, unless it has a key")
{
    replies = {Error{Errc::unavailable, "refused"}};
    CHECK(failure_of([&] { api.post("/x", "{}"); }).code() == ExitCode::platform);

    replies = {Error{Errc::unavailable, "refused"}, HttpReply{.status = 202, .body = "{}"}};
    api.post("/x", "{}", "key-1");
    CHECK(http.calls().back().headers.back().value == "key-1");
}

TEST_CASE_METHOD(Fixture, "a platform that stays away is given up, with what to do")
{
    for (int i = 0; i < 5; ++i) {
        replies.emplace_back(Error{Errc::unavailable, "Connection refused"});
    }

    const CommandFailed failure = failure_of([&] { api.get("/me"); });

    CHECK(failure.code() == ExitCode::platform);
    CHECK_THAT(failure.what(), Contains("https://p") && Contains("Connection refused"));
    CHECK_THAT(failure.hint(), Contains("libra doctor"));
}

TEST_CASE_METHOD(Fixture, "an error of the platform is told in its own words, every problem of it")
{
    replies = {error(
        400,
        "validation_failed",
        R"(,"details":[{"pointer":"/initFiles/3/path","reason":"is absolute"}])"
    )};

    const CommandFailed failure = failure_of([&] { api.post("/deploy", "{}"); });

    CHECK(failure.code() == ExitCode::usage);
    CHECK(std::string{failure.what()} == "Said so.\n  /initFiles/3/path is absolute");
}

TEST_CASE_METHOD(Fixture, "errors say what to do next")
{
    replies = {error(401, "unauthenticated")};
    CHECK_THAT(failure_of([&] { api.get("/me"); }).hint(), Contains("libra login"));
    replies = {error(409, "deployment_in_progress")};
    CHECK_THAT(failure_of([&] { api.post("/x", ""); }).hint(), Contains("supersede"));
    replies = {error(500, "internal_error")};
    const CommandFailed broken = failure_of([&] { api.get("/me"); });
    CHECK(broken.code() == ExitCode::platform);
    CHECK_THAT(broken.hint(), Contains("req-1"));
}

TEST_CASE_METHOD(Fixture, "an address where something else answers is said to be one")
{
    replies = {HttpReply{.status = 200, .body = "<html>"}};
    CHECK_THAT(failure_of([&] { api.get("/me"); }).hint(), Contains("Libra Deploy's API"));
    replies = {HttpReply{.status = 404, .body = "<html>"}};
    CHECK_THAT(failure_of([&] { api.get("/me"); }).hint(), Contains("Libra Deploy's API"));
    replies = {Error{Errc::invalid_input, "bad"}};
    CHECK(failure_of([&] { api.get("/me"); }).code() == ExitCode::usage);
}

TEST_CASE("parts of an address are encoded")
{
    CHECK(percent_encoded("a-B_9.~") == "a-B_9.~");
    CHECK(percent_encoded("a/b?c ü") == "a%2Fb%3Fc%20%C3%BC");
}

}  // namespace
}  // namespace libra
