#include "api-gateway/accounts/account_endpoints.hpp"
#include "tests/support/fake_account_store.hpp"
#include "tests/support/fake_admission_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_random.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace libra {
namespace {

using Catch::Matchers::Contains;

const Principal k_user{.user_id = "ada", .scopes = {"deploy"}};
const Principal k_administrator{.user_id = "ada", .scopes = {"admin"}};
const Principal k_operator{.user_id = "ops", .service = true, .scopes = {"admin"}};
const char* const k_new_token = R"({"name":"ci","scopes":["deploy","read","deploy"]})";

struct Fixture {
    Fixture() { admissions.principal = k_user; }

    HttpResponse
    ask(std::string_view method,
        std::string_view pattern,
        std::string path = {},
        std::string_view body = {},
        std::vector<QueryParameter> query = {})
    {
        AccountEndpoints endpoints{{admissions, accounts, clock, random}, log.log()};
        const Routes routes = endpoints.routes();
        const auto route = std::find_if(routes.begin(), routes.end(), [&](const Route& each) {
            return each.method == method && each.path == pattern;
        });
        REQUIRE(route != routes.end());
        HttpRequest request;
        request.path = path.empty() ? std::string{pattern} : std::move(path);
        request.headers = {{"Authorization", "Bearer tok-1"}};
        request.query = std::move(query);
        request.body = body;
        request.request_id = "req-1";
        return route->handler->handle(request);
    }

    HttpResponse create_token(std::string_view body = k_new_token)
    {
        return ask("POST", "/tokens", {}, body);
    }

    HttpResponse create_session(std::string_view body = R"({"userId":"ada"})")
    {
        return ask("POST", "/sessions", {}, body);
    }

    std::vector<HttpResponse> all()
    {
        return {
            ask("GET", "/me"),
            ask("GET", "/tokens"),
            create_token(),
            ask("DELETE", "/tokens/{tokenId}", "/tokens/t-1"),
            ask("GET", "/sessions"),
            create_session(),
            ask("DELETE", "/sessions/{sessionId}", "/sessions/s-1")};
    }

    testing::FakeAdmissionStore admissions;
    testing::FakeAccountStore accounts;
    testing::FakeClock clock;
    testing::FakeRandom random;
    testing::RecordingLog log;
};

TEST_CASE_METHOD(Fixture, "every endpoint about accounts needs a credential")
{
    AccountEndpoints endpoints{{admissions, accounts, clock, random}, log.log()};

    for (const Route& route : endpoints.routes()) {
        CAPTURE(route.method, route.path);
        CHECK(route.access == Access::credential);
        CHECK(route.runs == Runs::on_worker);
        CHECK(route.handler->handle({}).status == 401);
    }
    CHECK(accounts.calls.empty());
}

TEST_CASE_METHOD(Fixture, "while the database is away accounts are unavailable")
{
    const Error away{Errc::unavailable, "connection to 10.0.0.1 refused"};
    admissions.principal = k_operator;
    accounts.member_of = away;
    accounts.token_page = away;
    accounts.session_page = away;
    accounts.ended = away;
    accounts.down = away;

    for (const HttpResponse& response : all()) {
        CHECK(response.status == 503);
        CHECK_THAT(response.body, !Contains("10.0.0.1"));
    }
}

TEST_CASE_METHOD(Fixture, "callers are told who they are and where they belong")
{
    accounts.member_of =
        std::vector<Membership>{{.org_id = "acme", .name = "Acme", .role = "owner"}};

    const HttpResponse response = ask("GET", "/me");

    CHECK(response.status == 200);
    CHECK(
        response.body == R"({"userId":"ada","service":false,"scopes":["deploy"],)"
                         R"("organizations":[{"orgId":"acme","name":"Acme","role":"owner"}],)"
                         R"("timestamp":"1970-01-01T00:00:00.000Z"})"
    );
}

TEST_CASE_METHOD(Fixture, "tokens are listed without their secrets, page by page")
{
    accounts.token_page = TokenPage{
        .tokens = {{.id = "t-1", .name = "ci", .user_id = "ada", .scopes = {"read"}}}, .next = 17};

    const HttpResponse response = ask("GET", "/tokens", {}, {}, {{"limit", "1"}, {"cursor", "20"}});

    CHECK(response.status == 200);
    CHECK_THAT(
        response.body,
        Contains(R"({"tokens":[{"tokenId":"t-1","name":"ci","userId":"ada","service":false,)") &&
            Contains(R"("nextCursor":"17")") && !Contains("\"token\"")
    );
    CHECK(accounts.calls.at(0).user_id == "ada");
    CHECK(accounts.calls.at(0).before == 20);
    CHECK(accounts.calls.at(0).limit == 1);
}

TEST_CASE_METHOD(Fixture, "only operators see the credentials of other users")
{
    for (const char* const path : {"/tokens", "/sessions"}) {
        for (const Principal& caller : {k_user, k_administrator}) {
            admissions.principal = caller;
            const HttpResponse refused = ask("GET", path, {}, {}, {{"userId", "eve"}});
            CHECK(refused.status == 403);
            CHECK_THAT(refused.body, Contains("\"not_an_operator\""));
        }
        CHECK(accounts.calls.empty());

        admissions.principal = k_operator;
        CHECK(ask("GET", path, {}, {}, {{"userId", "eve"}}).status == 200);
        CHECK(accounts.calls.at(0).user_id == "eve");
        accounts.calls.clear();
    }
}

TEST_CASE_METHOD(Fixture, "every bad parameter of a list of credentials is named")
{
    for (const char* const path : {"/tokens", "/sessions"}) {
        const HttpResponse response = ask("GET", path, {}, {}, {{"limit", "0"}, {"cursor", "x"}});
        CHECK(response.status == 400);
        CHECK_THAT(response.body, Contains("/query/limit") && Contains("/query/cursor"));
    }
}

TEST_CASE_METHOD(Fixture, "a new token is shown once and kept as its digest")
{
    const HttpResponse response = create_token();

    CHECK(response.status == 201);
    REQUIRE(accounts.made_tokens.size() == 1);
    const NewToken& made = accounts.made_tokens[0];
    CHECK(made.user_id == "ada");
    CHECK(made.scopes == std::vector<std::string>{"deploy", "read"});
    CHECK_FALSE(made.service);
    CHECK_FALSE(made.days);
    const std::size_t begin = response.body.find("libra_");
    REQUIRE(begin != std::string::npos);
    CHECK(made.digest == sha256(response.body.substr(begin, 49)));
    CHECK(accounts.makers.at(0).digest == sha256("tok-1"));
    CHECK(accounts.calls.at(0).actor.user_id == "ada");
    CHECK(accounts.calls.at(0).actor.request_id == "req-1");
    CHECK(log.lines().empty());
}

TEST_CASE_METHOD(Fixture, "a token gives no more than it has")
{
    const HttpResponse response = create_token(R"({"name":"x","scopes":["read","admin"]})");

    CHECK(response.status == 403);
    CHECK_THAT(response.body, Contains("\"scope_exceeded\""));
    CHECK(accounts.made_tokens.empty());
}

TEST_CASE_METHOD(Fixture, "a token that may only read makes none")
{
    admissions.principal = Principal{.user_id = "ada", .scopes = {"read"}};

    CHECK_THAT(create_token(R"({"name":"x","scopes":["read"]})").body, Contains("missing_scope"));
}

TEST_CASE_METHOD(Fixture, "only operators make tokens for others and tokens of services")
{
    const char* const for_eve = R"({"name":"x","scopes":["read"],"userId":"eve"})";
    const char* const service = R"({"name":"x","scopes":["read"],"service":true})";
    admissions.principal = k_administrator;
    CHECK_THAT(create_token(for_eve).body, Contains("\"not_an_operator\""));
    CHECK_THAT(create_token(service).body, Contains("\"not_an_operator\""));
    admissions.principal = Principal{.user_id = "bot", .service = true, .scopes = {"deploy"}};
    CHECK_THAT(create_token(service).body, Contains("\"not_an_operator\""));
    CHECK(accounts.made_tokens.empty());

    admissions.principal = k_operator;
    CHECK(create_token(for_eve).status == 201);
    CHECK(create_token(service).status == 201);

    CHECK(accounts.made_tokens.at(0).user_id == "eve");
    CHECK(accounts.made_tokens.at(1).service);
}

TEST_CASE_METHOD(Fixture, "a request for a credential that makes no sense is refused")
{
    admissions.principal = k_operator;
    CHECK_THAT(create_token("").body, Contains("\"invalid_json\""));
    CHECK_THAT(create_token(R"({"name":"x"})").body, Contains("/scopes"));
    CHECK_THAT(create_session("{").body, Contains("\"invalid_json\""));
    CHECK_THAT(create_session("{}").body, Contains("/userId"));
    CHECK(accounts.calls.empty());
}

TEST_CASE_METHOD(Fixture, "users end their own credentials and operators anybody's")
{
    for (const auto& [pattern, path] :
         {std::pair{"/tokens/{tokenId}", "/tokens/x-1"},
          std::pair{"/sessions/{sessionId}", "/sessions/x-1"}}) {
        admissions.principal = k_administrator;
        CHECK(ask("DELETE", pattern, path).status == 200);
        CHECK(accounts.calls.at(0).id == "x-1");
        CHECK(accounts.calls.at(0).user_id == "ada");

        admissions.principal = k_operator;
        CHECK(ask("DELETE", pattern, path).status == 200);
        CHECK_FALSE(accounts.calls.at(1).user_id);
        CHECK(accounts.calls.at(1).actor.user_id == "ops");
        accounts.calls.clear();
    }
}

TEST_CASE_METHOD(Fixture, "a credential of somebody else is as good as absent")
{
    accounts.ended = Error{Errc::not_found, "x"};

    const HttpResponse token = ask("DELETE", "/tokens/{tokenId}", "/tokens/t-1");
    const HttpResponse session = ask("DELETE", "/sessions/{sessionId}", "/sessions/s-1");

    CHECK(token.status == 404);
    CHECK_THAT(token.body, Contains("\"token_not_found\""));
    CHECK(session.status == 404);
    CHECK_THAT(session.body, Contains("\"session_not_found\""));
}

TEST_CASE_METHOD(Fixture, "sessions are begun by operators alone")
{
    for (const Principal& caller :
         {k_administrator, Principal{.user_id = "bot", .service = true, .scopes = {"deploy"}}}) {
        admissions.principal = caller;
        CHECK(create_session().status == 403);
    }
    CHECK(accounts.made_sessions.empty());

    admissions.principal = k_operator;
    const HttpResponse response = create_session();

    CHECK(response.status == 201);
    CHECK_THAT(response.body, Contains("\"token\":\"libra_"));
    CHECK(accounts.made_sessions.at(0).user_id == "ada");
    CHECK(accounts.made_sessions.at(0).days == 7);
}

}  // namespace
}  // namespace libra
