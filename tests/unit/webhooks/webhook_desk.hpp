#pragma once

#include "api-gateway/webhooks/webhook_endpoints.hpp"
#include "shared/base/base64.hpp"
#include "tests/support/fake_admission_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_random.hpp"
#include "tests/support/fake_webhook_store.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace libra::testing {

inline const Principal k_reader{.user_id = "ada", .scopes = {"read"}};
inline const Principal k_user{.user_id = "ada", .scopes = {"deploy"}};
inline const Principal k_operator{.user_id = "ops", .service = true, .scopes = {"admin"}};

/// The endpoints about webhooks, asked by a user who may deploy.
struct WebhookDesk {
    WebhookDesk() { admissions.principal = k_user; }

    /// `path` is below the organisation `acme`, its pattern below `/organizations/{orgId}`.
    HttpResponse
    ask(std::string_view method,
        const std::string& pattern,
        const std::string& path,
        std::string_view body = {},
        std::vector<QueryParameter> query = {})
    {
        const Routes routes = endpoints.routes();
        const auto route = std::find_if(routes.begin(), routes.end(), [&](const Route& each) {
            return each.method == method && each.path == "/organizations/{orgId}" + pattern;
        });
        REQUIRE(route != routes.end());
        HttpRequest request;
        request.path = path.starts_with("/organizations") ? path : "/organizations/acme" + path;
        request.headers = {{"Authorization", "Bearer tok-1"}};
        request.query = std::move(query);
        request.body = body;
        request.request_id = "req-1";
        return route->handler->handle(request);
    }

    HttpResponse list() { return ask("GET", "/webhooks", "/webhooks"); }

    HttpResponse create(std::string_view body = R"({"url":"https://a.test/x"})")
    {
        return ask("POST", "/webhooks", "/webhooks", body);
    }

    HttpResponse show() { return ask("GET", "/webhooks/{webhookId}", "/webhooks/hook-1"); }

    HttpResponse change(std::string_view body = R"({"active":false})")
    {
        return ask("PATCH", "/webhooks/{webhookId}", "/webhooks/hook-1", body);
    }

    HttpResponse remove() { return ask("DELETE", "/webhooks/{webhookId}", "/webhooks/hook-1"); }

    HttpResponse send_test()
    {
        return ask("POST", "/webhooks/{webhookId}/test", "/webhooks/hook-1/test");
    }

    HttpResponse deliveries(std::vector<QueryParameter> query = {})
    {
        return ask(
            "GET",
            "/webhooks/{webhookId}/deliveries",
            "/webhooks/hook-1/deliveries",
            {},
            std::move(query)
        );
    }

    HttpResponse delivery(const std::string& id = "msg_1")
    {
        return ask(
            "GET",
            "/webhooks/{webhookId}/deliveries/{deliveryId}",
            "/webhooks/hook-1/deliveries/" + id
        );
    }

    HttpResponse redeliver()
    {
        return ask(
            "POST",
            "/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver",
            "/webhooks/hook-1/deliveries/msg_1/redeliver"
        );
    }

    FakeAdmissionStore admissions;
    FakeWebhookStore store;
    FakeClock clock;
    FakeRandom random;
    RecordingLog log;
    WebhookKeys keys{WebhookKeys::from_keys(Secret{to_base64(std::string(32, 'k'))}).value()};
    WebhookEndpoints endpoints{{admissions, store, clock, random, &keys}, log.log()};
    WebhookEndpoints without_keys{{admissions, store, clock, random, nullptr}, log.log()};
};

}  // namespace libra::testing
