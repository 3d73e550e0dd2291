#include "api-gateway/http/client_address.hpp"

#include "api-gateway/http/message.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace libra {

namespace {

namespace ip = boost::asio::ip;

using Bytes = std::array<std::uint8_t, 16>;

struct Parsed {
    Bytes bytes{};
    bool v4{};
    std::string text{};
};

std::optional<Parsed> parse_address(std::string_view text)
{
    boost::system::error_code failed;
    const ip::address address = ip::make_address(std::string{text}, failed);
    if (failed || (address.is_v6() && address.to_v6().scope_id() != 0)) {
        return std::nullopt;
    }
    if (address.is_v4()) {
        const ip::address_v4 v4 = address.to_v4();
        return Parsed{ip::make_address_v6(ip::v4_mapped, v4).to_bytes(), true, v4.to_string()};
    }
    const ip::address_v6 v6 = address.to_v6();
    if (v6.is_v4_mapped()) {
        const ip::address_v4 v4 = ip::make_address_v4(ip::v4_mapped, v6);
        return Parsed{v6.to_bytes(), true, v4.to_string()};
    }
    return Parsed{v6.to_bytes(), false, v6.to_string()};
}

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

bool same_prefix(const Bytes& address, const std::vector<std::uint8_t>& network, unsigned bits)
{
    const std::size_t whole = bits / 8;
    if (!std::equal(
            network.begin(), network.begin() + static_cast<std::ptrdiff_t>(whole), address.begin()
        )) {
        return false;
    }
    const unsigned rest = bits % 8;
    if (rest == 0) {
        return true;
    }
    const unsigned mask = 0xFFU << (8 - rest) & 0xFFU;
    return (address.at(whole) & mask) == (network.at(whole) & mask);
}

}  // namespace

Result<void> TrustedProxies::add(std::string_view network)
{
    const std::size_t slash = network.find('/');
    const std::optional<Parsed> address = parse_address(network.substr(0, slash));
    const Error bad{
        Errc::invalid_input, "'" + std::string{network} + "' is no IP address or CIDR network"};
    if (!address) {
        return bad;
    }
    const unsigned most = address->v4 ? 32 : 128;
    unsigned bits = most;
    if (slash != std::string_view::npos) {
        const std::string_view digits = network.substr(slash + 1);
        const auto [stopped, status] =
            std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        if (status != std::errc{} || stopped != digits.data() + digits.size() || bits > most) {
            return bad;
        }
    }
    networks_.push_back(
        {{address->bytes.begin(), address->bytes.end()}, address->v4 ? bits + 96 : bits}
    );
    return {};
}

bool TrustedProxies::trusts(std::string_view address) const
{
    const std::optional<Parsed> parsed = parse_address(address);
    return parsed && std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
               return same_prefix(parsed->bytes, network.bytes, network.prefix_bits);
           });
}

std::string TrustedProxies::client(std::string_view peer, std::string_view forwarded_for) const
{
    const std::optional<Parsed> direct = parse_address(peer);
    std::string client = direct ? direct->text : std::string{peer};
    while (!networks_.empty() && !forwarded_for.empty() && trusts(client)) {
        const std::size_t comma = forwarded_for.rfind(',');
        const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
        const std::optional<Parsed> hop =
            parse_address(without_port(trimmed(forwarded_for.substr(begin))));
        if (!hop) {
            break;
        }
        client = hop->text;
        forwarded_for = begin == 0 ? std::string_view{} : forwarded_for.substr(0, comma);
    }
    return client;
}

}  // namespace libra
