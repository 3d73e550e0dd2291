#include "api-gateway/api/api.hpp"

#include "tests/support/collected_spans.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Catch::Matchers::Contains;

class EchoHandler final : public Handler {
public:
    HttpResponse handle(const HttpRequest& request) override
    {
        return {.status = 200, .headers = {}, .body = request.path};
    }
};

/// Answers with what the path says in the place of `{id}`.
class IdHandler final : public Handler {
public:
    HttpResponse handle(const HttpRequest& request) override
    {
        return {.status = 200, .headers = {}, .body = std::string{request.segment(1)}};
    }
};

HttpRequest ask(std::string_view method, std::string path, std::vector<HttpHeader> headers = {})
{
    HttpRequest request;
    request.method = method;
    request.path = std::move(path);
    request.raw_path = request.path;
    request.headers = std::move(headers);
    request.request_id = "req-1";
    return request;
}

const std::vector<HttpHeader> k_good_head{
    {"Authorization", "Bearer t"},
    {"Content-Length", "2"},
    {"Content-Type", "application/json"}};

struct Fixture {
    Fixture()
    {
        using enum Runs;
        using enum Access;
        using enum Takes;
        routes = {
            {"GET", "/", at_once, open, nothing, &echo},
            {"POST", "/deploy", on_worker, credential, json, &echo},
            {"PUT", "/files/{sha256}", on_worker, credential, bytes, &echo},
            {"GET", "/deploy-status", on_worker, open, nothing, &echo},
            {"GET", "/health", at_once, open, nothing, &echo},
            {"GET", "/docs", at_once, open, nothing, &echo},
            {"GET", "/livez", at_once, open, nothing, &echo},
            {"GET", "/metrics", at_once, open, nothing, &echo},
        };
    }

    HttpResponse first_answer(const HttpRequest& request)
    {
        std::optional<HttpResponse> response = api.answer_at_once(request);
        REQUIRE(response);
        api.finish(request, *response);
        return *response;
    }

    EchoHandler echo;
    Routes routes;
    testing::FakeClock clock;
    Metrics metrics;
    testing::RecordingLog log;
    testing::CollectedSpans collected;
    Api api{
        routes,
        CorsPolicy::development(),
        {},
        clock,
        metrics,
        log.log(),
        trust_no_jwt,
        collected};
};

TEST_CASE_METHOD(Fixture, "who may GET a path may also ask for its head alone")
{
    CHECK(first_answer(ask("GET", "/health")).body == "/health");
    CHECK(first_answer(ask("HEAD", "/health")).body == "/health");
}

TEST_CASE_METHOD(Fixture, "what needs the database is left to a worker")
{
    const HttpRequest request =
        GENERATE(ask("GET", "/deploy-status"), ask("POST", "/deploy", k_good_head));

    CHECK_FALSE(api.answer_at_once(request));
    CHECK(api.answer(request).body == request.path);
}

TEST_CASE_METHOD(Fixture, "an unknown path is not found")
{
    const std::string path = GENERATE("/nothing", "/deploy/", "/DEPLOY", "//", "/docs/../health");

    const HttpResponse response = first_answer(ask("GET", path));

    CHECK(response.status == 404);
    CHECK_THAT(response.body, Contains(R"("success":false,"error":"not_found")"));
}

TEST_CASE_METHOD(Fixture, "a method an endpoint does not take is answered with those it takes")
{
    const HttpResponse get = first_answer(ask("GET", "/deploy"));
    const HttpResponse put = first_answer(ask("PUT", "/health"));

    CHECK(get.status == 405);
    CHECK(get.header("Allow") == "POST, OPTIONS");
    CHECK(put.status == 405);
    CHECK(put.header("Allow") == "GET, HEAD, OPTIONS");
}

TEST_CASE_METHOD(Fixture, "POST /deploy is checked by its head before the body is read")
{
    SECTION("without a length")
    {
        CHECK(first_answer(ask("POST", "/deploy", {{"Authorization", "Bearer t"}})).status == 411);
    }

    SECTION("without a credential")
    {
        const HttpResponse response =
            first_answer(ask("POST", "/deploy", {{"Content-Length", "2"}}));
        CHECK(response.status == 401);
        CHECK(response.header("WWW-Authenticate") == "Bearer");
    }

    SECTION("with another kind of body")
    {
        CHECK(
            first_answer(ask("POST",
                             "/deploy",
                             {{"Authorization", "Bearer t"},
                              {"Content-Length", "2"},
                              {"Content-Type", "text/plain"}})
            ).status == 415
        );
    }
}

TEST_CASE_METHOD(Fixture, "a body that is encoded is refused before it is read")
{
    HttpRequest request =
        ask("POST",
            "/deploy",
            {{"Authorization", "Bearer t"}, {"Content-Length", "2"}, {"Content-Encoding", "gzip"}});

    const HttpResponse response = first_answer(request);

    CHECK(response.status == 415);
    CHECK_THAT(response.body, Contains("unsupported_content_encoding"));
    request.headers.back().value = "Identity";
    CHECK_FALSE(api.answer_at_once(request));
}

TEST_CASE_METHOD(Fixture, "an endpoint that takes bytes takes them with their type or without one")
{
    HttpRequest request =
        ask("PUT", "/files/x", {{"Authorization", "Bearer t"}, {"Content-Length", "2"}});
    CHECK_FALSE(api.answer_at_once(request));
    request.headers.push_back({"Content-Type", "application/octet-stream"});
    CHECK_FALSE(api.answer_at_once(request));
    request.headers.back().value = "application/json";

    const HttpResponse response = first_answer(request);

    CHECK(response.status == 415);
    CHECK_THAT(response.body, Contains("application/octet-stream"));
    CHECK(first_answer(ask("PUT", "/files/x", {{"Authorization", "Bearer t"}})).status == 411);
}

TEST_CASE_METHOD(Fixture, "a chunked body without a Content-Type is welcome")
{
    CHECK_FALSE(api.answer_at_once(
        ask("POST", "/deploy", {{"Authorization", "Bearer t"}, {"Transfer-Encoding", "chunked"}})
    ));
}

TEST_CASE_METHOD(Fixture, "a session cookie is not accepted from a page of a foreign origin")
{
    const auto post_from = [](const char* origin, HttpHeader credential) {
        return ask("POST", "/deploy", {credential, {"Content-Length", "2"}, {"Origin", origin}});
    };
    const HttpHeader cookie{"Cookie", "session=s"};
    const HttpHeader token{"Authorization", "Bearer t"};

    const HttpResponse foreign = first_answer(post_from("https://evil.com", cookie));

    CHECK(foreign.status == 403);
    CHECK_THAT(foreign.body, Contains("\"origin_not_allowed\""));
    CHECK_FALSE(api.answer_at_once(post_from("http://localhost:3000", cookie)));
    CHECK_FALSE(api.answer_at_once(post_from("https://evil.com", token)));
}

TEST_CASE_METHOD(Fixture, "a preflight is answered without a credential")
{
    const HttpResponse response = first_answer(
        ask("OPTIONS",
            "/deploy",
            {{"Origin", "http://localhost:3000"},
             {"Access-Control-Request-Method", "POST"},
             {"Access-Control-Request-Headers", "authorization,content-type"}})
    );

    CHECK(response.status == 204);
    CHECK(response.header("Access-Control-Allow-Origin") == "http://localhost:3000");
    CHECK(response.header("Access-Control-Allow-Credentials") == "true");
    CHECK(response.header("Access-Control-Allow-Methods") == "POST, OPTIONS");
    CHECK_THAT(
        std::string{response.header("Access-Control-Allow-Headers").value()},
        Contains("Authorization") && Contains("Idempotency-Key")
    );
    CHECK(response.header("Access-Control-Max-Age"));
    CHECK(response.header("Vary") == "Origin");
}

TEST_CASE_METHOD(Fixture, "a foreign origin gets no CORS headers")
{
    const HttpResponse preflight = first_answer(
        ask("OPTIONS",
            "/deploy",
            {{"Origin", "https://evil.com"}, {"Access-Control-Request-Method", "POST"}})
    );
    const HttpResponse simple =
        first_answer(ask("GET", "/health", {{"Origin", "https://evil.com"}}));

    for (const HttpResponse& response : {preflight, simple}) {
        for (const auto& [name, value] : response.headers) {
            CHECK_FALSE(name.starts_with("Access-Control-"));
        }
        CHECK(response.header("Vary") == "Origin");
    }
}

TEST_CASE_METHOD(Fixture, "OPTIONS tells the methods of a path, and 404 where there is none")
{
    CHECK(first_answer(ask("OPTIONS", "/health")).header("Allow") == "GET, HEAD, OPTIONS");
    CHECK(first_answer(ask("OPTIONS", "/nothing")).status == 404);
    CHECK(first_answer(ask("OPTIONS", "*")).status == 204);
}

struct PathFixture : Fixture {
    PathFixture()
    {
        using enum Runs;
        using enum Access;
        using enum Takes;
        routes = {
            {"GET", "/things/{id}", at_once, open, nothing, &with_id},
            {"DELETE", "/things/{id}", at_once, credential, json, &with_id},
            {"POST", "/things/all", at_once, open, nothing, &echo},
            {"POST", "/things/{id}/stop", on_worker, credential, nothing, &with_id},
        };
    }

    IdHandler with_id;
};

TEST_CASE_METHOD(PathFixture, "a segment in braces takes whatever the path has there")
{
    const HttpRequest stop = ask("POST", "/things/a b/stop", {{"Authorization", "Bearer t"}});

    CHECK(first_answer(ask("GET", "/things/t-1")).body == "t-1");
    CHECK(first_answer(ask("HEAD", "/things/t-1")).body == "t-1");
    CHECK_FALSE(api.answer_at_once(stop));
    CHECK(api.answer(stop).body == "a b");
    CHECK(first_answer(ask("GET", "/things/{id}")).body == "{id}");
    CHECK(first_answer(ask("GET", "/things/")).status == 404);
    CHECK(first_answer(ask("GET", "/things")).status == 404);
    CHECK(first_answer(ask("GET", "/things/t-1/more")).status == 404);
}

TEST_CASE_METHOD(PathFixture, "a path with a parameter tells its methods like any other")
{
    const HttpResponse put = first_answer(ask("PUT", "/things/t-1"));

    CHECK(put.status == 405);
    CHECK(put.header("Allow") == "GET, HEAD, DELETE, OPTIONS");
    CHECK(first_answer(ask("OPTIONS", "/things/t-1/stop")).header("Allow") == "POST, OPTIONS");
}

TEST_CASE_METHOD(PathFixture, "a literal segment is no value of a parameter")
{
    CHECK(first_answer(ask("POST", "/things/all")).body == "/things/all");
    CHECK(first_answer(ask("GET", "/things/all")).header("Allow") == "POST, OPTIONS");
}

TEST_CASE_METHOD(PathFixture, "a POST that takes no body needs no length and no type")
{
    const std::vector<HttpHeader> head = GENERATE(
        std::vector<HttpHeader>{},
        std::vector<HttpHeader>{{"Content-Length", "0"}},
        std::vector<HttpHeader>{{"Content-Length", "3"}, {"Content-Type", "text/plain"}}
    );
    HttpRequest stop = ask("POST", "/things/t-1/stop", head);
    stop.headers.push_back({"Authorization", "Bearer t"});

    CHECK_FALSE(api.answer_at_once(stop));
}

TEST_CASE_METHOD(PathFixture, "a DELETE that takes a body needs one")
{
    CHECK(
        first_answer(ask("DELETE", "/things/t-1", {{"Authorization", "Bearer t"}})).status == 411
    );
}

TEST_CASE_METHOD(PathFixture, "requests to a path with a parameter are counted together")
{
    api.served({ask("GET", "/things/t-1"), 200, 0, 0us, false});
    api.served({ask("GET", "/things/t-2"), 200, 0, 0us, false});

    const std::string text = metrics.expose();

    CHECK_THAT(text, Contains("route=\"/things/{id}\""));
    CHECK_THAT(text, !Contains("t-1"));
}

/// An Api whose issuer of JWTs says what the test wants.
struct JwtFixture : Fixture {
    HttpResponse answer(std::string path, std::string_view authorization)
    {
        return guarded.answer(ask("POST", std::move(path), {{"Authorization", authorization}}));
    }

    static constexpr std::string_view k_jwt{"Bearer eyJhIjoxfQ.eyJiIjoyfQ.c2ln"};
    std::vector<std::string> checked;
    Result<void> verdict;
    Api guarded{
        routes,
        CorsPolicy::development(),
        {},
        clock,
        metrics,
        log.log(),
        [this](std::string_view token) {
            checked.emplace_back(token);
            return verdict;
        }};
};

TEST_CASE_METHOD(JwtFixture, "a JWT is checked by a worker before the endpoint sees the request")
{
    HttpRequest request = ask("POST", "/deploy", k_good_head);
    request.headers[0].value = k_jwt;

    CHECK_FALSE(guarded.answer_at_once(request));
    CHECK(checked.empty());
    CHECK(guarded.answer(request).body == "/deploy");
    CHECK(checked == std::vector<std::string>{"eyJhIjoxfQ.eyJiIjoyfQ.c2ln"});
}

TEST_CASE_METHOD(JwtFixture, "a JWT that is no good is refused, and only the log says why")
{
    verdict = Error{Errc::unauthenticated, "it has expired"};

    const HttpResponse response = answer("/deploy", k_jwt);

    CHECK(response.status == 401);
    CHECK(response.header("WWW-Authenticate") == "Bearer");
    CHECK_THAT(response.body, Contains("\"unauthenticated\"") && !Contains("expired"));
    REQUIRE(log.lines().size() == 1);
    CHECK_THAT(log.lines()[0], Contains("it has expired") && Contains("req-1"));
    CHECK_THAT(log.lines()[0], !Contains("eyJ"));
}

TEST_CASE_METHOD(JwtFixture, "a JWT that nobody can check at the moment is answered with 503")
{
    verdict = Error{Errc::unavailable, "the issuer is silent"};

    const HttpResponse response = answer("/deploy", k_jwt);

    CHECK(response.status == 503);
    CHECK(response.header("Retry-After") == "1");
    CHECK_THAT(response.body, Contains("\"unavailable\"") && !Contains("issuer"));
}

TEST_CASE_METHOD(JwtFixture, "what is no JWT, and who needs no credential, passes unchecked")
{
    verdict = Error{Errc::unauthenticated, "no"};

    CHECK(answer("/deploy", "Bearer libra_token").status == 200);
    CHECK(guarded.answer(ask("GET", "/deploy-status", {{"Authorization", k_jwt}})).status == 200);
    CHECK(checked.empty());
}

TEST_CASE_METHOD(JwtFixture, "where no issuer is trusted, no JWT is good")
{
    const HttpRequest request = ask("POST", "/deploy", {{"Authorization", k_jwt}});

    CHECK(api.answer(request).status == 401);
}

TEST_CASE_METHOD(Fixture, "every answer carries headers that keep browsers from guessing")
{
    const HttpResponse response = first_answer(ask("GET", "/health"));

    CHECK(response.header("X-Content-Type-Options") == "nosniff");
    CHECK(response.header("Content-Security-Policy"));
    CHECK(response.header("Cache-Control") == "no-store");
}

TEST_CASE_METHOD(Fixture, "one request too many is refused before anything else, in the one format")
{
    Api limited{routes, CorsPolicy::development(), {.per_address = 2}, clock, metrics, log.log()};
    const HttpRequest request = ask("GET", "/nothing");
    CHECK(limited.answer_at_once(request)->status == 404);
    std::optional<HttpResponse> second = limited.answer_at_once(request);
    limited.finish(request, *second);
    CHECK(second->header("RateLimit-Remaining") == "0");

    std::optional<HttpResponse> third = limited.answer_at_once(request);
    limited.finish(request, *third);

    CHECK(third->status == 429);
    CHECK_THAT(third->body, Contains("\"rate_limited\""));
    CHECK(third->header("Retry-After") == "30");
    CHECK(third->header("RateLimit-Limit") == "2");
    CHECK(limited.answer_at_once(ask("GET", "/health"))->status == 200);
    CHECK(limited.answer_at_once(ask("GET", "/livez"))->status == 200);
    CHECK(limited.answer_at_once(ask("OPTIONS", "/deploy"))->status == 204);

    clock.advance(30s);
    CHECK(limited.answer_at_once(request)->status == 404);
}

TEST_CASE_METHOD(Fixture, "what a handler says about caching and policy stands")
{
    HttpResponse response;
    response.headers.emplace_back("Cache-Control", "no-cache");
    response.headers.emplace_back("Vary", "Accept-Encoding");

    api.finish(ask("GET", "/docs"), response);

    CHECK(response.header("Cache-Control") == "no-cache");
    CHECK(response.header("Vary") == "Accept-Encoding, Origin");
}

TEST_CASE_METHOD(Fixture, "the server's errors have the form of all others")
{
    const HttpResponse response = api.refuse(k_overloaded);

    CHECK(response.status == 503);
    CHECK(response.header("Content-Type") == "application/json");
    CHECK(response.header("Retry-After") == "1");
    CHECK_THAT(response.body, Contains(R"("success":false,"error":"overloaded")"));
}

TEST_CASE_METHOD(Fixture, "an answer leaves one line in the log, without the query")
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

TEST_CASE_METHOD(Fixture, "the log names the trace of a request")
{
    HttpRequest request = ask("GET", "/deploy-status");
    request.trace.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";

    api.served({request, 200, 10, 1500us, false});

    CHECK_THAT(log.lines()[0], Contains(R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736")"));
}

TEST_CASE_METHOD(Fixture, "a request is a span that is named by its route")
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

TEST_CASE_METHOD(Fixture, "a caller's mistake is no failure of ours, whatever its method is called")
{
    HttpRequest request = ask("BREW", "/coffee");
    request.trace = {.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736", .span_id = "00f067aa0ba902b7"};

    api.served({request, 404, 10, 1500us, false});

    REQUIRE(collected.spans.size() == 1);
    CHECK(collected.spans[0].name == "HTTP");
    CHECK(collected.spans[0].error.empty());
    CHECK(testing::attribute(collected.spans[0], "http.request.method") == "_OTHER");
}

TEST_CASE_METHOD(Fixture, "a probe is no span")
{
    HttpRequest request = ask("GET", "/livez");
    request.trace = {.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736", .span_id = "00f067aa0ba902b7"};

    api.served({request, 200, 0, 0us, false});

    CHECK(collected.spans.empty());
}

TEST_CASE_METHOD(Fixture, "an aborted answer and a probe are marked as such")
{
    api.served({ask("GET", "/health"), 200, 0, 0us, true});
    api.served({ask("GET", "/livez"), 200, 0, 0us, false});

    CHECK_THAT(log.lines().at(0), Contains("aborted"));
    CHECK_THAT(log.lines().at(1), Contains(R"("level":"debug")"));
}

TEST_CASE_METHOD(Fixture, "requests are counted by route, and unknown paths together")
{
    api.served({ask("GET", "/health"), 200, 0, 0us, false});
    api.served({ask("GET", "/nothing-1"), 404, 0, 0us, false});

    const std::string text = metrics.expose();

    CHECK_THAT(text, Contains("route=\"/health\""));
    CHECK_THAT(text, !Contains("nothing-1"));
}

}  // namespace
}  // namespace libra
