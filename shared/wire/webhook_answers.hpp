#pragma once

#include "shared/base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file The JSON bodies of answers about webhooks. Pure functions.

namespace libra {

struct WebhookAnswer {
    std::string webhook_id{};
    std::string url{};
    std::vector<std::string> events{};
    bool active{};
    std::optional<std::string> disabled_reason{};
    UtcTime created_at{};
};

std::string encode_webhooks(const std::vector<WebhookAnswer>& webhooks, UtcTime timestamp);
std::string encode_webhook(const WebhookAnswer& webhook, UtcTime timestamp);
std::string encode_changed_webhook(const WebhookAnswer& webhook, UtcTime timestamp);

/// `secret` is told this once.
std::string
encode_new_webhook(const WebhookAnswer& webhook, std::string_view secret, UtcTime timestamp);

std::string
encode_removed_webhook(std::string_view webhook_id, std::string_view message, UtcTime timestamp);

struct DeliveryAnswer {
    std::string delivery_id{};
    std::string type{};
    std::optional<std::string> deployment_id{};
    std::string status{};
    std::int64_t attempts{};
    UtcTime created_at{};
    std::optional<UtcTime> next_attempt_at{};
    std::optional<UtcTime> finished_at{};
};

struct DeliveriesAnswer {
    std::vector<DeliveryAnswer> deliveries{};
    std::optional<std::string> next_cursor{};
    UtcTime timestamp{};
};

std::string encode_deliveries(const DeliveriesAnswer& answer);

struct DeliveryAttemptAnswer {
    std::int64_t number{};
    UtcTime at{};
    std::int64_t milliseconds{};
    std::optional<std::int64_t> status_code{};
    std::optional<std::string> error{};
};

/// @param payload  one JSON value.
std::string encode_delivery(
    const DeliveryAnswer& delivery,
    std::string_view payload,
    const std::vector<DeliveryAttemptAnswer>& attempts,
    UtcTime timestamp
);

/// A message that was queued at somebody's wish.
std::string encode_queued_delivery(std::string_view delivery_id, UtcTime timestamp);

}  // namespace libra
