#pragma once

#include "shared/base/env.hpp"
#include "shared/base/result.hpp"
#include "shared/base/secrets.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file How webhooks are signed, so that their receivers can tell our messages from others'.
///
/// Source: Standard Webhooks, "Signature scheme".

namespace libra {

/// The secret of each webhook is derived from a key of the platform: no table holds one, and both
/// services know it. Thread-safe.
class WebhookKeys {
public:
    /// `keys` are 32 bytes in base64 each, separated by commas. Secrets are derived from the first
    /// one; messages are signed with the secrets of all, so that a new key can be put before the
    /// old one.
    /// @return `invalid_input` with what is wrong, in words that tell nothing of a key.
    static Result<WebhookKeys> from_keys(const Secret& keys);

    /// `whsec_` and base64: what the webhook's receiver is given.
    std::string secret_of(std::string_view webhook_id) const;

    /// The header `webhook-signature` of a message with this id, time and body.
    std::string sign(
        std::string_view webhook_id,
        std::string_view message_id,
        std::string_view seconds,
        std::string_view body
    ) const;

private:
    explicit WebhookKeys(std::vector<std::string> keys) : keys_{std::move(keys)} {}

    std::vector<std::string> keys_;
};

/// The keys of WEBHOOK_SECRET; nothing where that is not set. A bad value is left in
/// `environment.problems()`.
std::optional<WebhookKeys> read_webhook_keys(Environment& environment);

}  // namespace libra
