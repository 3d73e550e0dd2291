#include "shared/base/ip_networks.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <netinet/in.h>

namespace libra {

namespace {

using Bytes = std::array<std::uint8_t, 16>;

constexpr std::size_t k_v4_at = 12;  // in a mapped address
constexpr unsigned k_v4_bits = 32;
constexpr unsigned k_v6_bits = 128;
constexpr Bytes k_mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool same_prefix(const Bytes& address, const Bytes& network, unsigned bits)
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

std::optional<IpAddress> IpAddress::parse(std::string_view text)
{
    if (text.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    const std::string terminated{text};
    IpAddress address;
    if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes_.data()) == 1) {
        return address;
    }
    address.bytes_ = k_mapped;
    if (::inet_pton(AF_INET, terminated.c_str(), &address.bytes_.at(k_v4_at)) == 1) {
        return address;
    }
    return std::nullopt;
}

bool IpAddress::is_v4() const
{
    return std::equal(k_mapped.begin(), k_mapped.begin() + k_v4_at, bytes_.begin());
}

std::string IpAddress::text() const
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    const bool v4 = is_v4();
    ::inet_ntop(v4 ? AF_INET : AF_INET6, &bytes_.at(v4 ? k_v4_at : 0), text.data(), text.size());
    return text.data();
}

Result<void> IpNetworks::add(std::string_view network)
{
    const std::size_t slash = network.find('/');
    const std::optional<IpAddress> address = IpAddress::parse(network.substr(0, slash));
    const Error bad{
        Errc::invalid_input, "'" + std::string{network} + "' is no IP address or CIDR network"};
    if (!address) {
        return bad;
    }
    const unsigned most = address->is_v4() ? k_v4_bits : k_v6_bits;
    unsigned bits = most;
    if (slash != std::string_view::npos) {
        const std::string_view digits = network.substr(slash + 1);
        const auto [stopped, status] =
            std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        if (status != std::errc{} || stopped != digits.data() + digits.size() || bits > most) {
            return bad;
        }
    }
    networks_.push_back({*address, bits + k_v6_bits - most});
    return {};
}

bool IpNetworks::contains(const IpAddress& address) const
{
    return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
        return same_prefix(address.bytes(), network.address.bytes(), network.prefix_bits);
    });
}

}  // namespace libra
