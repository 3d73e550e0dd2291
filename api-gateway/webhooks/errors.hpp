#pragma once

#include "shared/http/error_kind.hpp"

#include <string_view>

/// @file Errors about webhooks.

namespace libra {

/// In place of the message of k_invalid_id.
inline constexpr std::string_view k_invalid_id_of_webhook_path{
    "Every id in the path must be 1 to 128 characters of A-Z a-z 0-9 . _ -"};
inline constexpr ErrorKind k_webhook_not_found{
    404,
    "webhook_not_found",
    "The organisation has no such webhook, or the caller is no member of it."};
inline constexpr ErrorKind k_delivery_not_found{
    404,
    "delivery_not_found",
    "This webhook has no such delivery; they are kept for 30 days."};
inline constexpr ErrorKind k_too_many_webhooks{
    409,
    "too_many_webhooks",
    "The organisation has as many webhooks as it may; delete one first."};
inline constexpr ErrorKind k_webhook_inactive{
    409,
    "webhook_inactive",
    "This webhook is switched off; switch it on first."};
inline constexpr ErrorKind k_webhooks_unavailable{
    503,
    "webhooks_unavailable",
    "This platform has no key to sign webhooks with; ask its operators to set WEBHOOK_SECRET."};

}  // namespace libra
