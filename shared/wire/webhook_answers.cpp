#include "shared/wire/webhook_answers.hpp"

#include "shared/wire/json_writer.hpp"
#include "shared/wire/optional_members.hpp"

namespace libra {

namespace {

/// The members, without the braces.
void write_webhook(JsonWriter& json, const WebhookAnswer& webhook)
{
    json.key("webhookId").text(webhook.webhook_id).key("url").text(webhook.url);
    json.key("events").begin_array();
    for (const std::string& event : webhook.events) {
        json.text(event);
    }
    json.end_array().key("active").boolean(webhook.active);
    write_optional(json, "disabledReason", webhook.disabled_reason);
    json.key("createdAt").text(to_rfc3339(webhook.created_at));
}

/// Likewise.
void write_delivery(JsonWriter& json, const DeliveryAnswer& delivery)
{
    json.key("deliveryId").text(delivery.delivery_id).key("type").text(delivery.type);
    write_optional(json, "deploymentId", delivery.deployment_id);
    json.key("status").text(delivery.status).key("attempts").number(delivery.attempts);
    json.key("createdAt").text(to_rfc3339(delivery.created_at));
    write_optional(json, "nextAttemptAt", delivery.next_attempt_at);
    write_optional(json, "finishedAt", delivery.finished_at);
}

void write_attempt(JsonWriter& json, const DeliveryAttemptAnswer& attempt)
{
    json.begin_object().key("number").number(attempt.number);
    json.key("at").text(to_rfc3339(attempt.at)).key("milliseconds").number(attempt.milliseconds);
    write_optional(json, "statusCode", attempt.status_code);
    write_optional(json, "error", attempt.error);
    json.end_object();
}

std::string end_with(JsonWriter& json, UtcTime timestamp)
{
    json.key("timestamp").text(to_rfc3339(timestamp)).end_object();
    return json.take();
}

}  // namespace

std::string encode_webhooks(const std::vector<WebhookAnswer>& webhooks, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("webhooks").begin_array();
    for (const WebhookAnswer& webhook : webhooks) {
        json.begin_object();
        write_webhook(json, webhook);
        json.end_object();
    }
    json.end_array();
    return end_with(json, timestamp);
}

std::string encode_webhook(const WebhookAnswer& webhook, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("webhook").begin_object();
    write_webhook(json, webhook);
    json.end_object();
    return end_with(json, timestamp);
}

std::string encode_changed_webhook(const WebhookAnswer& webhook, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true).key("webhook").begin_object();
    write_webhook(json, webhook);
    json.end_object();
    return end_with(json, timestamp);
}

std::string
encode_new_webhook(const WebhookAnswer& webhook, std::string_view secret, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true).key("webhook").begin_object();
    write_webhook(json, webhook);
    json.end_object().key("secret").text(secret);
    return end_with(json, timestamp);
}

std::string
encode_removed_webhook(std::string_view webhook_id, std::string_view message, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true);
    json.key("webhookId").text(webhook_id).key("message").text(message);
    return end_with(json, timestamp);
}

std::string encode_deliveries(const DeliveriesAnswer& answer)
{
    JsonWriter json;
    json.begin_object().key("deliveries").begin_array();
    for (const DeliveryAnswer& delivery : answer.deliveries) {
        json.begin_object();
        write_delivery(json, delivery);
        json.end_object();
    }
    json.end_array();
    write_optional(json, "nextCursor", answer.next_cursor);
    return end_with(json, answer.timestamp);
}

std::string encode_delivery(
    const DeliveryAnswer& delivery,
    std::string_view payload,
    const std::vector<DeliveryAttemptAnswer>& attempts,
    UtcTime timestamp
)
{
    JsonWriter json;
    json.begin_object().key("delivery").begin_object();
    write_delivery(json, delivery);
    json.key("payload").raw(payload).key("attemptList").begin_array();
    for (const DeliveryAttemptAnswer& attempt : attempts) {
        write_attempt(json, attempt);
    }
    json.end_array().end_object();
    return end_with(json, timestamp);
}

std::string encode_queued_delivery(std::string_view delivery_id, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true).key("deliveryId").text(delivery_id);
    return end_with(json, timestamp);
}

}  // namespace libra
