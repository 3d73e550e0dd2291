#include "api-gateway/limits/request_rates.hpp"

#include "api-gateway/auth/credential_header.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <utility>

namespace libra {

namespace {

std::optional<std::string> principal_of(const HttpRequest& head)
{
    const std::optional<Credential> credential = read_credential(head);
    return credential ? std::optional{std::string{
                            credential->digest.bytes.begin(), credential->digest.bytes.end()}}
                      : std::nullopt;
}

/// Whether `one` leaves less of its limit than `other`.
bool is_tighter(const RateReading& one, const RateReading& other)
{
    return std::int64_t{one.remaining} * other.limit < std::int64_t{other.remaining} * one.limit;
}

}  // namespace

std::string address_group(const std::string& address)
{
    constexpr std::size_t k_network_bytes = 8;
    in6_addr parsed{};
    if (::inet_pton(AF_INET6, address.c_str(), &parsed) != 1 || IN6_IS_ADDR_V4MAPPED(&parsed)) {
        return address;
    }
    std::fill(std::begin(parsed.s6_addr) + k_network_bytes, std::end(parsed.s6_addr), 0);
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET6, &parsed, text.data(), text.size());
    return std::string{text.data()} + "/64";
}

void add_rate_headers(HttpResponse& response, const RateReading& reading)
{
    if (!response.header("RateLimit-Limit")) {
        response.headers.emplace_back("RateLimit-Limit", std::to_string(reading.limit));
        response.headers.emplace_back("RateLimit-Remaining", std::to_string(reading.remaining));
        response.headers.emplace_back(
            "RateLimit-Reset", std::to_string(reading.until_full.count())
        );
    }
    if (!reading.allowed) {
        response.headers.emplace_back("Retry-After", std::to_string(reading.until_next.count()));
    }
}

RequestRates::RequestRates(const RateLimits& limits)
{
    if (limits.per_address > 0) {
        addresses_ = std::make_unique<RateMeter>(limits.per_address);
    }
    if (limits.per_principal > 0) {
        principals_ = std::make_unique<RateMeter>(limits.per_principal);
    }
}

std::optional<RateReading> RequestRates::take(const HttpRequest& head, Instant now)
{
    if (addresses_) {
        const RateReading reading = addresses_->take(address_group(head.client), now);
        if (!reading.allowed) {
            return reading;
        }
    }
    if (const auto principal = principals_ ? principal_of(head) : std::nullopt) {
        const RateReading reading = principals_->take(*principal, now);
        if (!reading.allowed) {
            return reading;
        }
    }
    return std::nullopt;
}

std::optional<RateReading> RequestRates::look(const HttpRequest& head, Instant now) const
{
    std::optional<RateReading> tightest;
    if (addresses_) {
        tightest = addresses_->look(address_group(head.client), now);
    }
    if (const auto principal = principals_ ? principal_of(head) : std::nullopt) {
        const RateReading reading = principals_->look(*principal, now);
        if (!tightest || is_tighter(reading, *tightest)) {
            tightest = reading;
        }
    }
    return tightest;
}

}  // namespace libra
