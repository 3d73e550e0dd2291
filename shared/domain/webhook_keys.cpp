#include "shared/domain/webhook_keys.hpp"

#include "shared/base/base64.hpp"
#include "shared/base/hmac.hpp"
#include "shared/base/key_list.hpp"

#include <fmt/format.h>

namespace libra {

namespace {

/// What the base64 of the webhook's secret stands for.
std::string raw_secret(const std::string& key, std::string_view webhook_id)
{
    return hmac_sha256(key, fmt::format("webhook {}", webhook_id));
}

}  // namespace

Result<WebhookKeys> WebhookKeys::from_keys(const Secret& keys)
{
    Result<std::vector<std::string>> parsed = parse_keys(keys);
    if (!parsed) {
        return parsed.error();
    }
    return WebhookKeys{*std::move(parsed)};
}

std::string WebhookKeys::secret_of(std::string_view webhook_id) const
{
    return "whsec_" + to_base64(raw_secret(keys_.front(), webhook_id));
}

std::string WebhookKeys::sign(
    std::string_view webhook_id,
    std::string_view message_id,
    std::string_view seconds,
    std::string_view body
) const
{
    const std::string signed_text = fmt::format("{}.{}.{}", message_id, seconds, body);
    std::string signatures;
    for (const std::string& key : keys_) {
        signatures += signatures.empty() ? "v1," : " v1,";
        signatures += to_base64(hmac_sha256(raw_secret(key, webhook_id), signed_text));
    }
    return signatures;
}

std::optional<WebhookKeys> read_webhook_keys(Environment& environment)
{
    const Secret keys = environment.secret("WEBHOOK_SECRET");
    if (keys.empty()) {
        return std::nullopt;
    }
    Result<WebhookKeys> read = WebhookKeys::from_keys(keys);
    if (read.has_error()) {
        environment.complain("WEBHOOK_SECRET", read.error().detail);
        return std::nullopt;
    }
    return *std::move(read);
}

}  // namespace libra
