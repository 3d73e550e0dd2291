#include "shared/wire/webhook_answers.hpp"

#include "tests/support/schema_breaches.hpp"

#include <catch2/catch.hpp>

namespace libra::embedded {

std::string_view schema_webhook_changed();
std::string_view schema_webhook_created();
std::string_view schema_webhook_deliveries();
std::string_view schema_webhook_delivery_queued();
std::string_view schema_webhook_delivery_shown();
std::string_view schema_webhook_removed();
std::string_view schema_webhook_shown();
std::string_view schema_webhooks();

}  // namespace libra::embedded

namespace libra::testing {

namespace {

constexpr UtcTime k_time{std::chrono::milliseconds{1'753'180'200'000}};  // 2025-07-22 10:30 UTC

}  // namespace

TEST_CASE("every answer about webhooks obeys its schema")
{
    const WebhookAnswer active{
        .webhook_id = "hook-1",
        .url = "https://a.test/?x=\"1\"",
        .events = {"deployment.started", "deployment.failed"},
        .active = true,
        .created_at = k_time};
    WebhookAnswer disabled = active;
    disabled.active = false;
    disabled.disabled_reason = "the receiver answered 410 Gone and gets no more messages";

    CHECK(breaches(embedded::schema_webhooks(), encode_webhooks({}, k_time)).empty());
    CHECK(breaches(embedded::schema_webhooks(), encode_webhooks({active, disabled}, k_time)).empty()
    );
    CHECK(breaches(embedded::schema_webhook_shown(), encode_webhook(disabled, k_time)).empty());
    CHECK(
        breaches(embedded::schema_webhook_changed(), encode_changed_webhook(active, k_time)).empty()
    );
    CHECK(breaches(
              embedded::schema_webhook_created(), encode_new_webhook(active, "whsec_YQ==", k_time)
    )
              .empty());
    CHECK(breaches(
              embedded::schema_webhook_removed(), encode_removed_webhook("hook-1", "Gone.", k_time)
    )
              .empty());
}

TEST_CASE("every answer about messages to webhooks obeys its schema")
{
    const DeliveryAnswer pending{
        .delivery_id = "msg_1",
        .type = "webhook.test",
        .status = "pending",
        .created_at = k_time,
        .next_attempt_at = k_time};
    const DeliveryAnswer delivered{
        .delivery_id = "msg_2",
        .type = "deployment.failed",
        .deployment_id = "d-1",
        .status = "delivered",
        .attempts = 2,
        .created_at = k_time,
        .finished_at = k_time};
    const std::string payload =
        R"({"type":"deployment.failed","timestamp":"2025-07-22T10:30:00.000Z","data":{}})";

    CHECK(breaches(embedded::schema_webhook_deliveries(), encode_deliveries({.timestamp = k_time}))
              .empty());
    CHECK(breaches(
              embedded::schema_webhook_deliveries(),
              encode_deliveries(
                  {.deliveries = {pending, delivered}, .next_cursor = "7", .timestamp = k_time}
              )
    )
              .empty());
    CHECK(breaches(
              embedded::schema_webhook_delivery_shown(),
              encode_delivery(
                  delivered,
                  payload,
                  {{.number = 1, .at = k_time, .milliseconds = 3, .error = "no answer"},
                   {.number = 2, .at = k_time, .milliseconds = 0, .status_code = 204}},
                  k_time
              )
    )
              .empty());
    CHECK(breaches(
              embedded::schema_webhook_delivery_queued(), encode_queued_delivery("msg_1", k_time)
    )
              .empty());
}

}  // namespace libra::testing
