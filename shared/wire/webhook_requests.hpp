#pragma once

#include "shared/wire/problem.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// @file The bodies of requests about webhooks. Pure functions.
///
/// Source of the rules: proto-schemas/new-webhook.json and webhook-changes.json, and for the URL
/// shared/domain/webhook_rules.hpp.

namespace libra {

struct NewWebhookRequest {
    std::string url{};
    std::vector<std::string> events{};  // each once; all there are where the body names none
};

std::variant<NewWebhookRequest, Problems, Unreadable> parse_new_webhook(std::string_view body);

/// What is absent stays as it is.
struct WebhookChangesRequest {
    std::optional<std::string> url{};
    std::optional<std::vector<std::string>> events{};
    std::optional<bool> active{};
};

std::variant<WebhookChangesRequest, Problems, Unreadable>
parse_webhook_changes(std::string_view body);

}  // namespace libra
