#pragma once

#include "shared/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// @file Who is the client when a proxy stands between?

namespace libra {

/// The networks whose `X-Forwarded-For` is believed. Immutable after filling; IPv4 addresses and
/// their IPv6-mapped form are the same.
class TrustedProxies {
public:
    /// @param network  an address, or CIDR such as `10.0.0.0/8` or `fd00::/8`.
    /// @return `invalid_input` if it is neither.
    Result<void> add(std::string_view network);

    bool trusts(std::string_view address) const;

    /// The rightmost address of `forwarded_for` that is no trusted proxy, if `peer` is one; else
    /// `peer`. A list that turns out to be garbage is believed up to there.
    std::string client(std::string_view peer, std::string_view forwarded_for) const;

private:
    struct Network {
        std::vector<std::uint8_t> bytes{};  // 16, IPv4 in its mapped form
        unsigned prefix_bits{};
    };

    std::vector<Network> networks_;
};

}  // namespace libra
