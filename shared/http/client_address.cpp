#include "shared/http/client_address.hpp"

#include "shared/http/message.hpp"

#include <optional>

namespace libra {

namespace {

/// Proxies write `1.2.3.4`, `1.2.3.4:5678`, `2001:db8::1` and `[2001:db8::1]:5678`.
std::string_view without_port(std::string_view entry)
{
    if (entry.starts_with('[')) {
        return entry.substr(1, entry.find(']') - 1);
    }
    const std::size_t colon = entry.find(':');
    const bool one_colon = colon != std::string_view::npos && colon == entry.rfind(':');
    return one_colon ? entry.substr(0, colon) : entry;
}

}  // namespace

bool TrustedProxies::trusts(std::string_view address) const
{
    const std::optional<IpAddress> parsed = IpAddress::parse(address);
    return parsed && networks_.contains(*parsed);
}

std::string TrustedProxies::client(std::string_view peer, std::string_view forwarded_for) const
{
    const std::optional<IpAddress> direct = IpAddress::parse(peer);
    std::string client = direct ? direct->text() : std::string{peer};
    while (!networks_.empty() && !forwarded_for.empty() && trusts(client)) {
        const std::size_t comma = forwarded_for.rfind(',');
        const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
        const std::optional<IpAddress> hop =
            IpAddress::parse(without_port(trimmed(forwarded_for.substr(begin))));
        if (!hop) {
            break;
        }
        client = hop->text();
        forwarded_for = begin == 0 ? std::string_view{} : forwarded_for.substr(0, comma);
    }
    return client;
}

}  // namespace libra
