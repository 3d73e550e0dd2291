#include "shared/tracing/otlp_exporter.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_random.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/scripted_http_client.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <optional>

namespace libra {
namespace {

using Catch::Matchers::Contains;
using namespace std::chrono_literals;

const TraceContext k_trace{
    .trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
    .span_id = "00f067aa0ba902b7"};

HttpReply busy(int status, const std::string& retry_after = {})
{
    return {.status = status, .headers = {{"retry-after", retry_after}}};
}

struct Fixture {
    OtlpSettings settings{
        .url = "http://collector/v1/traces",
        .headers = {{"authorization", "Bearer abc"}},
        .resource = {{"service.name", "libra-worker"}}};
    std::deque<Result<HttpReply>> answers{HttpReply{.status = 200}};  // the last one repeats
    std::size_t stop_after{1};                                        // calls
    std::vector<Instant> calls_at{};
    testing::FakeClock clock{};
    testing::FakeRandom random{};
    testing::RecordingLog log{};
    std::stop_source stop{};
    testing::ScriptedHttpClient http{[this](const HttpCall&) {
        calls_at.push_back(clock.now());
        if (calls_at.size() >= stop_after) {
            stop.request_stop();
        }
        Result<HttpReply> answer = answers.front();
        if (answers.size() > 1) {
            answers.pop_front();
        }
        return answer;
    }};
    ExportPolicy policy{};
    std::optional<OtlpExporter> exporter{};

    OtlpExporter& with(int spans)
    {
        exporter.emplace(settings, http, clock, random, log.log(), policy);
        for (int i = 1; i <= spans; ++i) {
            exporter->take({.context = k_trace, .name = "span " + std::to_string(i)});
        }
        return *exporter;
    }

    void export_spans(int spans) { with(spans).run(stop.get_token()); }

    std::uint64_t exported() const { return exporter->counts().exported; }

    std::uint64_t dropped() const { return exporter->counts().dropped; }
};

TEST_CASE_METHOD(Fixture, "spans are posted as JSON, with the headers that are configured")
{
    export_spans(2);

    REQUIRE(http.calls().size() == 1);
    const HttpCall& call = http.calls()[0];
    CHECK(call.method == HttpMethod::post);
    CHECK(call.url == "http://collector/v1/traces");
    REQUIRE(call.headers.size() == 2);
    CHECK(call.headers[0].value == "Bearer abc");
    CHECK(call.headers[1].value == "application/json");
    CHECK_THAT(call.body, Contains("span 1") && Contains("span 2") && Contains("libra-worker"));
    CHECK(exported() == 2);
    CHECK(log.lines().empty());
}

TEST_CASE_METHOD(Fixture, "many spans go in several batches, each once")
{
    policy.batch = 2;
    stop_after = 3;

    export_spans(5);

    REQUIRE(http.calls().size() == 3);
    CHECK_THAT(http.calls()[1].body, Contains("span 3") && Contains("span 4"));
    CHECK_THAT(http.calls()[2].body, Contains("span 5") && !Contains("span 4"));
    CHECK(exported() == 5);
}

TEST_CASE_METHOD(Fixture, "a collector that is busy or away gets the same spans again")
{
    answers = {
        GENERATE(
            Result<HttpReply>{busy(429)},
            Result<HttpReply>{busy(502)},
            Result<HttpReply>{busy(503)},
            Result<HttpReply>{busy(504)},
            Result<HttpReply>{Error{Errc::unavailable, "refused"}},
            Result<HttpReply>{Error{Errc::timed_out, "late"}}
        ),
        HttpReply{.status = 200}};
    stop_after = 2;

    export_spans(1);

    REQUIRE(http.calls().size() == 2);
    CHECK(http.calls()[0].body == http.calls()[1].body);
    CHECK(exported() == 1);
    CHECK(dropped() == 0);
}

TEST_CASE_METHOD(Fixture, "pauses grow, and are as long as the collector wishes")
{
    answers = {busy(503), busy(503), busy(503, "30"), HttpReply{.status = 200}};
    stop_after = 4;

    export_spans(1);

    REQUIRE(calls_at.size() == 4);
    CHECK(calls_at[1] - calls_at[0] >= 1s);
    CHECK(calls_at[2] - calls_at[1] > calls_at[1] - calls_at[0]);
    CHECK(calls_at[3] - calls_at[2] == 30s);
}

TEST_CASE_METHOD(Fixture, "what a collector refuses is lost, and the log says so now and then")
{
    answers = {HttpReply{.status = GENERATE(400, 401, 404, 301, 500)}};
    policy.batch = 1;
    stop_after = 3;

    export_spans(3);

    CHECK(http.calls().size() == 3);
    CHECK(dropped() == 3);
    REQUIRE(log.lines().size() == 2);
    CHECK_THAT(log.lines()[0], Contains("the collector answered"));
}

TEST_CASE_METHOD(Fixture, "a batch is given up after a while, and the next one tried")
{
    answers = {Error{Errc::unavailable, "refused"}};
    policy.batch = 1;
    stop_after = 12;

    export_spans(2);

    CHECK(dropped() == 2);
    CHECK(exported() == 0);
}

TEST_CASE_METHOD(Fixture, "beyond the bound spans are dropped and counted")
{
    policy.waiting = 2;

    export_spans(5);

    CHECK(exported() == 2);
    CHECK(dropped() == 3);
}

TEST_CASE_METHOD(Fixture, "what is left at the end is still sent")
{
    stop.request_stop();

    export_spans(3);

    CHECK(exported() == 3);
}

TEST_CASE_METHOD(Fixture, "a batch under way at the end is sent again")
{
    answers = {busy(503), HttpReply{.status = 200}};

    export_spans(1);

    CHECK(http.calls().size() == 2);
    CHECK(exported() == 1);
}

TEST_CASE_METHOD(Fixture, "a collector that is away delays the end by no more than the flush")
{
    answers = {Error{Errc::unavailable, "refused"}};
    policy.batch = 1;
    stop.request_stop();

    export_spans(3);

    CHECK(clock.now() <= Instant{policy.flush});
    CHECK(dropped() == 3);
}

TEST_CASE_METHOD(Fixture, "only spans of sampled traces are wanted, and none without an endpoint")
{
    TraceContext unsampled = k_trace;
    unsampled.sampled = false;

    CHECK(with(0).wants(k_trace));
    CHECK_FALSE(with(0).wants(unsampled));
    CHECK_FALSE(with(0).wants({}));
    settings.url.clear();
    CHECK_FALSE(with(0).wants(k_trace));
}

TEST_CASE_METHOD(Fixture, "long texts are cut")
{
    OtlpExporter& spans = with(0);
    const std::string most(256, 'x');

    spans.take({.context = k_trace, .attributes = {{"key", most + "yyy"}}, .error = most + "yyy"});
    spans.run(stop.get_token());

    CHECK_THAT(http.calls().at(0).body, Contains(most) && !Contains("y\"}"));
}

}  // namespace
}  // namespace libra
