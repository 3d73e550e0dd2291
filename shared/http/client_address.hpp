#pragma once

#include "shared/base/ip_networks.hpp"
#include "shared/base/result.hpp"

#include <string>
#include <string_view>

/// @file Who is the client when a proxy stands between?

namespace libra {

/// The networks whose `X-Forwarded-For` is believed. Immutable after filling; IPv4 addresses and
/// their IPv6-mapped form are the same.
class TrustedProxies {
public:
    /// @param network  an address, or CIDR such as `10.0.0.0/8` or `fd00::/8`.
    /// @return `invalid_input` if it is neither.
    Result<void> add(std::string_view network) { return networks_.add(network); }

    bool trusts(std::string_view address) const;

    /// The rightmost address of `forwarded_for` that is no trusted proxy, if `peer` is one; else
    /// `peer`. A list that turns out to be garbage is believed up to there.
    std::string client(std::string_view peer, std::string_view forwarded_for) const;

private:
    IpNetworks networks_;
};

}  // namespace libra
