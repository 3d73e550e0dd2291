#include "tests/unit/api/api_fixture.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Catch::Matchers::Contains;
using testing::ApiFixture;
using testing::ask;

TEST_CASE_METHOD(ApiFixture, "an answer leaves one line in the log, without the query")
{
    HttpRequest request = ask("GET", "/deploy-status");
    request.query = {{"id", "secret-id"}};
    request.client = "203.0.113.9";

    api.served({request, 200, 10, 1500us, false});

    REQUIRE(log.lines().size() == 1);
    const std::string line = log.lines()[0];
    for (const char* const part :
         {R"("level":"info")",
          R"("request_id":"req-1")",
          R"("method":"GET")",
          R"("path":"/deploy-status")",
          R"("status":"200")",
          R"("duration_ms":"1.500")",
          R"("bytes":"10")",
          R"("remote":"203.0.113.9")"}) {
        CHECK_THAT(line, Contains(part));
    }
    CHECK_THAT(line, !Contains("secret-id"));
    CHECK_THAT(line, !Contains("aborted"));
}

TEST_CASE_METHOD(ApiFixture, "the log names the trace of a request")
{
    HttpRequest request = ask("GET", "/deploy-status");
    request.trace.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";

    api.served({request, 200, 10, 1500us, false});

    CHECK_THAT(log.lines()[0], Contains(R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736")"));
}

TEST_CASE_METHOD(ApiFixture, "a request is a span that is named by its route")
{
    HttpRequest request = ask("PUT", "/files/a1b2");
    request.raw_path = "/files/a1b2";
    request.trace = {.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736", .span_id = "00f067aa0ba902b7"};

    api.served({request, 503, 10, 1500us, false, Instant{2s}});

    REQUIRE(collected.spans.size() == 1);
    const Span& span = collected.spans[0];
    CHECK(span.context == request.trace);
    CHECK(span.name == "PUT /files/{sha256}");
    CHECK(span.kind == SpanKind::server);
    CHECK(span.began == Instant{2s});
    CHECK(span.ended - span.began == 1500us);
    CHECK(span.error == "503");
    CHECK(testing::attribute(span, "http.request.method") == "PUT");
    CHECK(testing::attribute(span, "http.route") == "/files/{sha256}");
    CHECK(testing::attribute(span, "url.path") == "/files/a1b2");
    CHECK(testing::attribute<std::int64_t>(span, "http.response.status_code") == 503);
}

TEST_CASE_METHOD(
    ApiFixture,
    "a caller's mistake is no failure of ours, whatever its method is called"
)
{
    HttpRequest request = ask("BREW", "/coffee");
    request.trace = {.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736", .span_id = "00f067aa0ba902b7"};

    api.served({request, 404, 10, 1500us, false});

    REQUIRE(collected.spans.size() == 1);
    CHECK(collected.spans[0].name == "HTTP");
    CHECK(collected.spans[0].error.empty());
    CHECK(testing::attribute(collected.spans[0], "http.request.method") == "_OTHER");
}

TEST_CASE_METHOD(ApiFixture, "a probe is no span")
{
    HttpRequest request = ask("GET", "/livez");
    request.trace = {.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736", .span_id = "00f067aa0ba902b7"};

    api.served({request, 200, 0, 0us, false});

    CHECK(collected.spans.empty());
}

TEST_CASE_METHOD(ApiFixture, "an aborted answer and a probe are marked as such")
{
    api.served({ask("GET", "/health"), 200, 0, 0us, true});
    api.served({ask("GET", "/livez"), 200, 0, 0us, false});

    CHECK_THAT(log.lines().at(0), Contains("aborted"));
    CHECK_THAT(log.lines().at(1), Contains(R"("level":"debug")"));
}

TEST_CASE_METHOD(ApiFixture, "requests are counted by route, and unknown paths together")
{
    api.served({ask("GET", "/health"), 200, 0, 0us, false});
    api.served({ask("GET", "/nothing-1"), 404, 0, 0us, false});

    const std::string text = metrics.expose();

    CHECK_THAT(text, Contains("route=\"/health\""));
    CHECK_THAT(text, !Contains("nothing-1"));
}

}  // namespace
}  // namespace libra
