#pragma once

#include "shared/base/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file IP addresses and the networks they belong to.

namespace libra {

/// IPv4 addresses and their IPv6-mapped form are the same.
class IpAddress {
public:
    /// Without port, brackets or zone.
    static std::optional<IpAddress> parse(std::string_view text);

    bool is_v4() const;

    /// The shortest form; of a mapped address the IPv4 one.
    std::string text() const;

    /// 16, IPv4 in its mapped form.
    const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }

private:
    std::array<std::uint8_t, 16> bytes_{};
};

/// Thread-safe once it is filled.
class IpNetworks {
public:
    /// @param network  an address, or CIDR such as `10.0.0.0/8` or `fd00::/8`.
    /// @return `invalid_input` if it is neither.
    Result<void> add(std::string_view network);

    bool contains(const IpAddress& address) const;

    bool empty() const { return networks_.empty(); }

private:
    struct Network {
        IpAddress address{};
        unsigned prefix_bits{};  // of 128
    };

    std::vector<Network> networks_;
};

}  // namespace libra
