#include "tests/unit/api/api_fixture.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Catch::Matchers::Contains;
using testing::ApiFixture;
using testing::ask;
using testing::k_good_head;

struct JwtFixture : ApiFixture {
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

}  // namespace
}  // namespace libra
