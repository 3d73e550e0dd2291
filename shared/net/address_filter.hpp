#pragma once

#include "shared/base/ip_networks.hpp"
#include "shared/base/result.hpp"

#include <string_view>

/// @file Which addresses our services may be sent to by somebody else's word.

namespace libra {

/// Lets through what is reachable on the public internet, and what is allowed besides. Thread-safe
/// once it is filled.
///
/// Source: IANA's special-purpose address registries for IPv4 and IPv6; of IPv6 only what is
/// assigned as global unicast (2000::/3) and does not carry an IPv4 address inside.
class AddressFilter {
public:
    AddressFilter();

    /// @return `invalid_input` unless it is an address or a CIDR network.
    Result<void> allow(std::string_view network) { return allowed_.add(network); }

    /// False also for what is no IP address.
    bool lets_through(std::string_view address) const;

private:
    IpNetworks allowed_;
    IpNetworks special_;
    IpNetworks global_v6_;
};

}  // namespace libra
