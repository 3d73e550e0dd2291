#include "shared/domain/webhook_rules.hpp"
#include "webhook_desk.hpp"

namespace libra {
namespace {

using Catch::Matchers::Contains;
using testing::WebhookDesk;

TEST_CASE_METHOD(WebhookDesk, "every endpoint about webhooks needs a credential")
{
    for (const Route& route : endpoints.routes()) {
        CAPTURE(route.method, route.path);
        CHECK(route.access == Access::credential);
        CHECK(route.runs == Runs::on_worker);
        CHECK(route.handler->handle({}).status == 401);
    }
    CHECK(store.calls.empty());
}

TEST_CASE_METHOD(WebhookDesk, "while the database is away webhooks are unavailable")
{
    const Error away{Errc::unavailable, "connection to 10.0.0.1 refused"};
    store.records = away;
    store.record = away;
    store.verdict = away;
    store.test_delivery = away;
    store.page = away;
    store.detail = away;

    for (const HttpResponse& response :
         {list(),
          create(),
          show(),
          change(),
          remove(),
          send_test(),
          deliveries(),
          delivery(),
          redeliver()}) {
        CHECK(response.status == 503);
        CHECK_THAT(response.body, !Contains("10.0.0.1"));
    }
}

TEST_CASE_METHOD(WebhookDesk, "who may only read changes no webhook")
{
    admissions.principal = testing::k_reader;

    for (const HttpResponse& response : {create(), change(), remove(), send_test(), redeliver()}) {
        CHECK(response.status == 403);
    }
    CHECK(store.calls.empty());
    for (const HttpResponse& response : {list(), show(), deliveries()}) {
        CHECK(response.status == 200);
    }
}

TEST_CASE_METHOD(WebhookDesk, "a new webhook is answered with the secret of its signatures")
{
    const HttpResponse response = create();

    CHECK(response.status == 201);
    CHECK(store.created.id.size() == 32);
    CHECK(store.created.url == "https://a.test/x");
    CHECK(response.header("Location") == "/organizations/acme/webhooks/" + store.created.id);
    CHECK_THAT(response.body, Contains(R"("secret":")" + keys.secret_of(store.created.id) + '"'));
    CHECK(store.requester.user_id == "ada");
    CHECK(store.requester.request_id == "req-1");
    CHECK_FALSE(store.requester.everywhere);
}

TEST_CASE_METHOD(WebhookDesk, "a webhook is told everything unless it says of what")
{
    create();
    CHECK(store.created.events.size() == k_webhook_events.size());
    create(R"({"url":"https://a.test/","events":["deployment.failed","deployment.failed"]})");
    CHECK(store.created.events == std::vector<std::string>{"deployment.failed"});
}

TEST_CASE_METHOD(WebhookDesk, "no other answer has the secret")
{
    store.records = std::vector{*store.record};
    for (const HttpResponse& response : {list(), show(), change()}) {
        CHECK(response.status == 200);
        CHECK_THAT(response.body, Contains("hook-1") && !Contains("whsec_"));
    }
}

TEST_CASE_METHOD(WebhookDesk, "without a key of the platform no webhook is made")
{
    const Routes routes = without_keys.routes();
    const auto route = std::find_if(routes.begin(), routes.end(), [](const Route& each) {
        return each.method == "POST" && each.path == "/organizations/{orgId}/webhooks";
    });
    HttpRequest request;
    request.path = "/organizations/acme/webhooks";
    request.headers = {{"Authorization", "Bearer tok-1"}};
    request.body = R"({"url":"https://a.test/"})";

    const HttpResponse response = route->handler->handle(request);

    CHECK(response.status == 503);
    CHECK_THAT(response.body, Contains("webhooks_unavailable") && Contains("WEBHOOK_SECRET"));
    CHECK(store.calls.empty());
}

TEST_CASE_METHOD(WebhookDesk, "every problem of a body is named")
{
    CHECK_THAT(
        create(R"({"url":"ftp://a","events":["deployment.exploded"],"secret":"x"})").body,
        Contains("/url") && Contains("must begin with https://") && Contains("/events/0") &&
            Contains("/secret")
    );
    CHECK_THAT(create("{}").body, Contains("/url"));
    CHECK_THAT(
        change(R"({"url":"https://a@b/","active":"yes","events":[]})").body,
        Contains("/url") && Contains("/active") && Contains("/events")
    );
    CHECK_THAT(create("{").body, Contains("invalid_json"));
    CHECK_THAT(change("{").body, Contains("invalid_json"));
    CHECK(store.calls.empty());
}

TEST_CASE_METHOD(WebhookDesk, "a change says what is to be different, and nothing else")
{
    CHECK(change(R"({"active":false})").status == 200);
    CHECK(store.changes.active == false);
    CHECK_FALSE(store.changes.url.has_value());
    CHECK_FALSE(store.changes.events.has_value());

    change(R"({"url":"https://b.test/","events":["deployment.started"]})");
    CHECK(store.changes.url == "https://b.test/");
    CHECK(store.changes.events == std::vector<std::string>{"deployment.started"});
    CHECK_FALSE(store.changes.active.has_value());
}

TEST_CASE_METHOD(WebhookDesk, "malformed ids in the path are refused before anything is asked")
{
    CHECK_THAT(
        ask("GET", "/webhooks", "/organizations/a%20b/webhooks").body, Contains("invalid_id")
    );
    CHECK_THAT(ask("GET", "/webhooks/{webhookId}", "/webhooks/a*b").body, Contains("invalid_id"));
    CHECK_THAT(delivery("a b").body, Contains("invalid_id"));
    CHECK(store.calls.empty());
}

TEST_CASE_METHOD(WebhookDesk, "every verdict has an answer of its own")
{
    const auto [verdict, status, code] = GENERATE(
        std::tuple{WebhookVerdict::not_found, 404, "organization_not_found"},
        std::tuple{WebhookVerdict::role_not_sufficient, 403, "role_not_sufficient"},
        std::tuple{WebhookVerdict::too_many, 409, "too_many_webhooks"},
        std::tuple{WebhookVerdict::webhook_not_found, 404, "webhook_not_found"},
        std::tuple{WebhookVerdict::delivery_not_found, 404, "delivery_not_found"},
        std::tuple{WebhookVerdict::inactive, 409, "webhook_inactive"}
    );
    store.verdict = verdict;
    store.test_delivery = TestDelivery{.verdict = verdict};

    for (const HttpResponse& response : {create(), change(), remove(), send_test(), redeliver()}) {
        CHECK(response.status == status);
        CHECK_THAT(response.body, Contains(code));
    }
}

TEST_CASE_METHOD(WebhookDesk, "what is not there is not found")
{
    const Error missing{Errc::not_found, "nothing"};
    store.records = missing;
    store.record = missing;

    CHECK_THAT(list().body, Contains("organization_not_found"));
    CHECK_THAT(show().body, Contains("webhook_not_found"));
    CHECK_THAT(change().body, Contains("webhook_not_found"));
}

TEST_CASE_METHOD(WebhookDesk, "an operator acts in every organisation")
{
    admissions.principal = testing::k_operator;

    CHECK(remove().status == 200);
    CHECK(store.requester.everywhere);
    CHECK(store.calls == std::vector<std::string>{"remove acme hook-1"});
}

}  // namespace
}  // namespace libra
