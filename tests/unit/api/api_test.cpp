#include "tests/unit/api/api_fixture.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Catch::Matchers::Contains;
using testing::ApiFixture;
using testing::ask;
using testing::k_good_head;

/// Answers with what the path says in the place of `{id}`.
class IdHandler final : public Handler {
public:
    HttpResponse handle(const HttpRequest& request) override
    {
        return {.status = 200, .headers = {}, .body = std::string{request.segment(1)}};
    }
};

TEST_CASE_METHOD(ApiFixture, "who may GET a path may also ask for its head alone")
{
    CHECK(first_answer(ask("GET", "/health")).body == "/health");
    CHECK(first_answer(ask("HEAD", "/health")).body == "/health");
}

TEST_CASE_METHOD(ApiFixture, "what needs the database is left to a worker")
{
    const HttpRequest request =
        GENERATE(ask("GET", "/deploy-status"), ask("POST", "/deploy", k_good_head));

    CHECK_FALSE(api.answer_at_once(request));
    CHECK(api.answer(request).body == request.path);
}

TEST_CASE_METHOD(ApiFixture, "an unknown path is not found")
{
    const std::string path = GENERATE("/nothing", "/deploy/", "/DEPLOY", "//", "/docs/../health");

    const HttpResponse response = first_answer(ask("GET", path));

    CHECK(response.status == 404);
    CHECK_THAT(response.body, Contains(R"("success":false,"error":"not_found")"));
}

TEST_CASE_METHOD(ApiFixture, "a method an endpoint does not take is answered with those it takes")
{
    const HttpResponse get = first_answer(ask("GET", "/deploy"));
    const HttpResponse put = first_answer(ask("PUT", "/health"));

    CHECK(get.status == 405);
    CHECK(get.header("Allow") == "POST, OPTIONS");
    CHECK(put.status == 405);
    CHECK(put.header("Allow") == "GET, HEAD, OPTIONS");
}

TEST_CASE_METHOD(ApiFixture, "POST /deploy is checked by its head before the body is read")
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

TEST_CASE_METHOD(ApiFixture, "a body that is encoded is refused before it is read")
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

TEST_CASE_METHOD(
    ApiFixture,
    "an endpoint that takes bytes takes them with their type or without one"
)
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

TEST_CASE_METHOD(ApiFixture, "a chunked body without a Content-Type is welcome")
{
    CHECK_FALSE(api.answer_at_once(
        ask("POST", "/deploy", {{"Authorization", "Bearer t"}, {"Transfer-Encoding", "chunked"}})
    ));
}

TEST_CASE_METHOD(ApiFixture, "a session cookie is not accepted from a page of a foreign origin")
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

TEST_CASE_METHOD(ApiFixture, "a preflight is answered without a credential")
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

TEST_CASE_METHOD(ApiFixture, "a foreign origin gets no CORS headers")
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

TEST_CASE_METHOD(ApiFixture, "OPTIONS tells the methods of a path, and 404 where there is none")
{
    CHECK(first_answer(ask("OPTIONS", "/health")).header("Allow") == "GET, HEAD, OPTIONS");
    CHECK(first_answer(ask("OPTIONS", "/nothing")).status == 404);
    CHECK(first_answer(ask("OPTIONS", "*")).status == 204);
}

struct PathFixture : ApiFixture {
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
TEST_CASE_METHOD(ApiFixture, "every answer carries headers that keep browsers from guessing")
{
    const HttpResponse response = first_answer(ask("GET", "/health"));

    CHECK(response.header("X-Content-Type-Options") == "nosniff");
    CHECK(response.header("Content-Security-Policy"));
    CHECK(response.header("Cache-Control") == "no-store");
}

TEST_CASE_METHOD(
    ApiFixture,
    "one request too many is refused before anything else, in the one format"
)
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

TEST_CASE_METHOD(ApiFixture, "what a handler says about caching and policy stands")
{
    HttpResponse response;
    response.headers.emplace_back("Cache-Control", "no-cache");
    response.headers.emplace_back("Vary", "Accept-Encoding");

    api.finish(ask("GET", "/docs"), response);

    CHECK(response.header("Cache-Control") == "no-cache");
    CHECK(response.header("Vary") == "Accept-Encoding, Origin");
}

TEST_CASE_METHOD(ApiFixture, "the server's errors have the form of all others")
{
    const HttpResponse response = api.refuse(k_overloaded);

    CHECK(response.status == 503);
    CHECK(response.header("Content-Type") == "application/json");
    CHECK(response.header("Retry-After") == "1");
    CHECK_THAT(response.body, Contains(R"("success":false,"error":"overloaded")"));
}

}  // namespace
}  // namespace libra
