#pragma once

#include "api-gateway/limits/rate_meter.hpp"
#include "shared/http/message.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// @file How many requests a minute this gateway takes from one client address and with one
/// credential.

namespace libra {

struct RateLimits {
    int per_address{};    // 0: no limit
    int per_principal{};  // 0: no limit
};

/// What limits are counted by: an IPv4 address, or the /64 network of an IPv6 address, of which a
/// client has all. Anything else stays as it is.
std::string address_group(const std::string& address);

/// `RateLimit-Limit`, `-Remaining` and `-Reset` (draft-ietf-httpapi-ratelimit-headers, 06), unless
/// the response has them, and `Retry-After` where `reading` is a refusal.
void add_rate_headers(HttpResponse& response, const RateReading& reading);

/// Thread-safe.
class RequestRates {
public:
    explicit RequestRates(const RateLimits& limits);

    /// Counts the request. @return the refusal, if it is one too many.
    std::optional<RateReading> take(const HttpRequest& head, Instant now);

    /// The tighter of what applies to the request; nothing where there is no limit.
    std::optional<RateReading> look(const HttpRequest& head, Instant now) const;

private:
    std::unique_ptr<RateMeter> addresses_{};
    std::unique_ptr<RateMeter> principals_{};
};

}  // namespace libra
