#include "api-gateway/organizations/organization_endpoints.hpp"
#include "tests/support/fake_admission_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_organization_store.hpp"
#include "tests/support/fake_random.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace libra {
namespace {

using Catch::Matchers::Contains;

const Principal k_reader{.user_id = "ada", .scopes = {"read"}};
const Principal k_user{.user_id = "ada", .scopes = {"deploy"}};
const Principal k_administrator{.user_id = "ada", .scopes = {"admin"}};
const Principal k_operator{.user_id = "ops", .service = true, .scopes = {"admin"}};
const char* const k_new{R"({"orgId":"acme","name":"Acme","ownerId":"ada"})"};

struct Fixture {
    Fixture() { admissions.principal = k_operator; }

    HttpResponse
    ask(std::string_view method,
        std::string_view pattern,
        std::string path,
        std::string_view body = {},
        std::vector<QueryParameter> query = {})
    {
        const Routes routes = endpoints.routes();
        const auto route = std::find_if(routes.begin(), routes.end(), [&](const Route& each) {
            return each.method == method && each.path == pattern;
        });
        REQUIRE(route != routes.end());
        HttpRequest request;
        request.path = std::move(path);
        request.headers = {{"Authorization", "Bearer tok-1"}};
        request.query = std::move(query);
        request.body = body;
        request.request_id = "req-1";
        return route->handler->handle(request);
    }

    HttpResponse list(std::vector<QueryParameter> query = {})
    {
        return ask("GET", "/organizations", "/organizations", {}, std::move(query));
    }

    HttpResponse create(std::string_view body = k_new)
    {
        return ask("POST", "/organizations", "/organizations", body);
    }

    HttpResponse detail(const std::string& id = "acme")
    {
        return ask("GET", "/organizations/{orgId}", "/organizations/" + id);
    }

    HttpResponse rename(std::string_view body = R"({"name":"Acme Ltd"})")
    {
        return ask("PATCH", "/organizations/{orgId}", "/organizations/acme", body);
    }

    HttpResponse members()
    {
        return ask("GET", "/organizations/{orgId}/members", "/organizations/acme/members");
    }

    HttpResponse
    set_member(const std::string& user = "bob", std::string_view body = R"({"role":"viewer"})")
    {
        return ask(
            "PUT",
            "/organizations/{orgId}/members/{userId}",
            "/organizations/acme/members/" + user,
            body
        );
    }

    HttpResponse remove_member(const std::string& user = "bob")
    {
        return ask(
            "DELETE",
            "/organizations/{orgId}/members/{userId}",
            "/organizations/acme/members/" + user
        );
    }

    HttpResponse
    set_plan(const std::string& plan = "paid", std::string_view body = R"({"limit":500})")
    {
        return ask(
            "PUT", "/organizations/{orgId}/plans/{plan}", "/organizations/acme/plans/" + plan, body
        );
    }

    HttpResponse quota(std::vector<QueryParameter> query = {{"orgId", "acme"}})
    {
        return ask("GET", "/quota", "/quota", {}, std::move(query));
    }

    testing::FakeAdmissionStore admissions;
    testing::FakeOrganizationStore store;
    testing::FakeClock clock;
    testing::FakeRandom random;
    testing::RecordingLog log;
    OrganizationEndpoints endpoints{{admissions, store, clock, random}, log.log()};
};

TEST_CASE_METHOD(Fixture, "every endpoint about organisations needs a credential")
{
    for (const Route& route : endpoints.routes()) {
        CAPTURE(route.method, route.path);
        CHECK(route.access == Access::credential);
        CHECK(route.runs == Runs::on_worker);
        CHECK(route.handler->handle({}).status == 401);
    }
    CHECK(store.calls.empty());
}

TEST_CASE_METHOD(Fixture, "while the database is away organisations are unavailable")
{
    const Error away{Errc::unavailable, "connection to 10.0.0.1 refused"};
    store.page = away;
    store.record = away;
    store.verdict = away;
    store.member_page = away;
    store.left = away;

    for (const HttpResponse& response :
         {list(),
          create(),
          detail(),
          rename(),
          members(),
          set_member(),
          remove_member(),
          set_plan(),
          quota()}) {
        CHECK(response.status == 503);
        CHECK_THAT(response.body, !Contains("10.0.0.1"));
    }
}

TEST_CASE_METHOD(Fixture, "organisations are listed page by page")
{
    admissions.principal = k_reader;
    store.page = OrganizationPage{
        .organizations = {{.id = "acme", .name = "Acme", .role = "owner"}}, .next = "acme"};

    const HttpResponse response = list({{"limit", "1"}, {"cursor", "abc"}});

    CHECK(response.status == 200);
    CHECK(
        response.body == R"({"organizations":[{"orgId":"acme","name":"Acme","role":"owner",)"
                         R"("createdAt":"1970-01-01T00:00:00.000Z"}],"nextCursor":"acme",)"
                         R"("timestamp":"1970-01-01T00:00:00.000Z"})"
    );
    CHECK(store.calls == std::vector<std::string>{"list after abc 1"});
    CHECK_FALSE(store.requester.everywhere);
    CHECK_THAT(list({{"limit", "0"}}).body, Contains("/query/limit"));
}

TEST_CASE_METHOD(Fixture, "an operator creates an organisation with its owner and a free plan")
{
    const HttpResponse response = create();

    CHECK(response.status == 201);
    CHECK(response.header("Location") == "/organizations/acme");
    CHECK(store.created.owner_id == "ada");
    CHECK(store.created.free_limit == 100);
    CHECK(store.requester.everywhere);
    CHECK(store.requester.request_id == "req-1");
    CHECK(create(R"({"name":"A","ownerId":"ada","freeLimit":3})").status == 201);
    CHECK(store.created.free_limit == 3);
    CHECK(store.created.id.size() == 32);
}

TEST_CASE_METHOD(Fixture, "nobody but operators creates organisations and sets plans")
{
    admissions.principal = k_administrator;
    CHECK_THAT(create().body, Contains("not_an_operator"));
    CHECK_THAT(set_plan().body, Contains("not_an_operator"));
    admissions.principal = k_user;
    CHECK_THAT(create().body, Contains("missing_scope"));
    CHECK_THAT(set_plan().body, Contains("missing_scope"));
    CHECK(store.calls.empty());
}

TEST_CASE_METHOD(Fixture, "who may only read changes no organisation")
{
    admissions.principal = k_reader;

    CHECK(rename().status == 403);
    CHECK(set_member().status == 403);
    CHECK(remove_member().status == 403);
    CHECK(store.calls.empty());
}

TEST_CASE_METHOD(Fixture, "every problem of a body is named")
{
    CHECK_THAT(
        create(R"({"name":" ","ownerId":"a b","freeLimit":-1,"plan":"x"})").body,
        Contains("/name") && Contains("/ownerId") && Contains("/freeLimit") && Contains("/plan")
    );
    CHECK_THAT(rename(R"({"name":"a\u0001"})").body, Contains("control character"));
    CHECK_THAT(set_member("bob", R"({"role":"king"})").body, Contains("/role"));
    CHECK_THAT(
        set_plan("paid", R"({"period":"hour"})").body, Contains("/limit") && Contains("/period")
    );
    for (const HttpResponse& response :
         {create("{"), rename("{"), set_member("bob", "{"), set_plan("paid", "{")}) {
        CHECK(response.status == 400);
        CHECK_THAT(response.body, Contains("invalid_json"));
    }
    CHECK(store.calls.empty());
}

TEST_CASE_METHOD(Fixture, "a malformed path is answered as such")
{
    CHECK_THAT(detail("a%b").body, Contains("invalid_id"));
    CHECK_THAT(set_member("b%b").body, Contains("The user's id"));
    CHECK_THAT(set_plan("gold").body, Contains("invalid_plan"));
    CHECK_THAT(quota({}).body, Contains("/query/orgId"));
    CHECK(store.calls.empty());
}

TEST_CASE_METHOD(Fixture, "every reason not to change an organisation has its status and code")
{
    struct Row {
        OrganizationVerdict verdict;
        int status;
        const char* code;
    };

    const Row row = GENERATE(
        Row{OrganizationVerdict::not_found, 404, "\"organization_not_found\""},
        Row{OrganizationVerdict::id_taken, 409, "\"organization_id_taken\""},
        Row{OrganizationVerdict::member_not_found, 404, "\"member_not_found\""},
        Row{OrganizationVerdict::role_not_sufficient, 403, "\"role_not_sufficient\""},
        Row{OrganizationVerdict::last_owner, 409, "\"last_owner\""}
    );
    store.verdict = row.verdict;

    for (const HttpResponse& response :
         {create(), rename(), set_member(), remove_member(), set_plan()}) {
        CHECK(response.status == row.status);
        CHECK_THAT(response.body, Contains(row.code));
    }
}

TEST_CASE_METHOD(Fixture, "an organisation the caller may not see is not there")
{
    const Error missing{Errc::not_found, "x"};
    store.record = missing;
    store.member_page = missing;
    store.left = missing;

    for (const HttpResponse& response : {detail(), rename(), members(), set_plan(), quota()}) {
        CHECK(response.status == 404);
        CHECK_THAT(response.body, Contains("organization_not_found"));
    }
}

TEST_CASE_METHOD(Fixture, "members are added, changed and removed in the caller's name")
{
    admissions.principal = k_user;

    CHECK(
        set_member().body == R"({"success":true,"member":{"userId":"bob","role":"viewer"},)"
                             R"("timestamp":"1970-01-01T00:00:00.000Z"})"
    );
    CHECK_THAT(remove_member().body, Contains(R"("userId":"bob")"));

    CHECK(store.calls == std::vector<std::string>{"set acme bob viewer", "set acme bob -"});
    CHECK(store.requester.user_id == "ada");
    CHECK_FALSE(store.requester.everywhere);
}

TEST_CASE_METHOD(Fixture, "a plan is set with its period")
{
    CHECK(set_plan("paid", R"({"limit":5,"period":"week"})").status == 200);
    CHECK(store.allowance.limit == 5);
    CHECK(store.allowance.period == PlanPeriod::week);
    CHECK(set_plan().status == 200);
    CHECK(store.allowance.period == PlanPeriod::month);
}

TEST_CASE_METHOD(Fixture, "a quota is that of the plan the next deployment is taken from")
{
    store.left = std::vector<AllowanceRecord>{
        {.plan = "free", .limit = 5, .used = 7}, {.plan = "paid", .limit = 10, .used = 2}};

    CHECK_THAT(
        quota().body,
        Contains(R"({"orgId":"acme","plan":"paid","limit":10,"used":2,"remaining":8,)") &&
            Contains(R"({"plan":"free","limit":5,"used":7,"remaining":0,)")
    );
    store.left->back().used = 10;
    CHECK_THAT(quota().body, Contains(R"("plan":"paid","limit":10,"used":10,"remaining":0,)"));
    store.left->clear();
    CHECK_THAT(
        quota().body, Contains(R"("plan":"none","limit":0,"used":0,"remaining":0,"plans":[])")
    );
}

}  // namespace
}  // namespace libra
