#pragma once

#include "shared/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file What a sandbox may send to: the public internet on 80 and 443, and nothing of ours.

namespace libra {

/// One entry of `LocalSandboxConfig::allowed_destinations`.
struct Destination {
    std::string host{};  // an IPv4 address, `ADDRESS/BITS`, or a name that is still to be resolved
    bool named{};        // it is a name
    std::optional<std::uint16_t> port{};  // 80 and 443 if there is none

    bool operator==(const Destination&) const = default;
};

/// @return `invalid_input` with the reason; loopback addresses are refused, since a sandbox has its
///         own.
Result<Destination> parse_destination(std::string_view text);

/// The same without names: one destination for each IPv4 address a name has now. Blocks for as long
/// as the host's resolver does.
/// @return `invalid_input` as above, `unavailable` for a name that does not resolve.
Result<std::vector<Destination>> resolve_destinations(const std::vector<std::string>& texts);

/// A name and its IPv4 addresses of a certain moment.
struct PinnedHost {
    std::string name{};
    std::vector<std::string> addresses{};

    bool operator==(const PinnedHost&) const = default;
};

/// @return `invalid_input` with the reason if it is no host name, or is an address.
Result<void> check_host_name(std::string_view text);

/// The addresses that the names have now. Blocks for as long as the host's resolver does.
/// @return `unavailable` for a name that does not resolve.
Result<std::vector<PinnedHost>> pin_hosts(const std::vector<std::string>& names);

/// What /etc/hosts says of them.
std::string hosts_file(const std::vector<PinnedHost>& pinned);

/// The names among destinations that are well-formed.
std::vector<std::string> names_among(const std::vector<std::string>& destinations);

/// The IPv4 addresses of all interfaces of the host. A service that listens on every address is
/// reachable by each of them, public ones too.
std::vector<std::string> host_addresses();

struct EgressPolicy {
    std::vector<std::string> rejected{};  // addresses of the host
    std::vector<Destination> allowed{};   // without names
    /// Then there is no way to a name server, and of public addresses only to these.
    std::optional<std::vector<PinnedHost>> only{};
};

/// The nftables rules of a sandbox's network namespace.
std::string egress_rules(const EgressPolicy& policy);

}  // namespace libra
