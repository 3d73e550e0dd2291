#include "deploy-worker/sandbox/egress.hpp"

#include "deploy-worker/sandbox/template_text.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <ifaddrs.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <set>

namespace libra::embedded {

std::string_view sandbox_egress();

}  // namespace libra::embedded

namespace libra {
namespace {

template <class Number>
std::optional<Number> parse_number(std::string_view text, Number least, Number most)
{
    Number value{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = failed == std::errc{} && end == text.data() + text.size();
    return whole && value >= least && value <= most ? std::optional{value} : std::nullopt;
}

bool host_name(std::string_view text)
{
    constexpr std::size_t k_most_characters = 253;
    return !text.empty() && text.size() <= k_most_characters && text.front() != '-' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '.';
           });
}

std::string text_of(const in_addr& address)
{
    std::array<char, INET_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET, &address, text.data(), text.size());
    return text.data();
}

Error refusal(std::string_view text, const std::string& reason)
{
    return {Errc::invalid_input, "allowed destination `" + std::string{text} + "`: " + reason};
}

struct FreeInterfaces {
    void operator()(ifaddrs* list) const noexcept { ::freeifaddrs(list); }
};

struct FreeAddresses {
    void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

/// The IPv4 address in a socket address, if it is one.
std::optional<std::string> ipv4_text(const sockaddr* address)
{
    if (address == nullptr || address->sa_family != AF_INET) {
        return std::nullopt;
    }
    // The C interface: which structure a sockaddr is, its family says.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    return text_of(reinterpret_cast<const sockaddr_in*>(address)->sin_addr);
}

Result<std::vector<std::string>> resolve(const std::string& name)
{
    addrinfo hints{};
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (const int failed = ::getaddrinfo(name.c_str(), nullptr, &hints, &list); failed != 0) {
        return Error{
            Errc::unavailable,
            "the configured host `" + name + "` does not resolve: " + ::gai_strerror(failed)};
    }
    const std::unique_ptr<addrinfo, FreeAddresses> owner{list};
    std::vector<std::string> found;
    for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
        if (auto address = ipv4_text(entry->ai_addr)) {
            found.push_back(std::move(*address));
        }
    }
    return found;
}

std::string only_to(const std::vector<PinnedHost>& hosts)
{
    std::set<std::string> addresses;
    for (const PinnedHost& host : hosts) {
        addresses.insert(host.addresses.begin(), host.addresses.end());
    }
    std::string rules;
    for (const std::string& address : addresses) {
        rules += "    ip daddr " + address + " tcp dport { 80, 443 } accept\n";
    }
    return rules;
}

}  // namespace

Result<Destination> parse_destination(std::string_view text)
{
    Destination destination;
    std::string_view host = text;
    if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
        host = text.substr(0, colon);
        destination.port = parse_number<std::uint16_t>(text.substr(colon + 1), 1, UINT16_MAX);
        if (!destination.port) {
            return refusal(text, "the port is not a number from 1 to 65535");
        }
    }
    const std::size_t slash = host.find('/');
    const std::string address{host.substr(0, slash)};
    in_addr parsed{};
    destination.host = host;
    destination.named = ::inet_pton(AF_INET, address.c_str(), &parsed) != 1;
    if (destination.named) {
        return host_name(host) ? Result<Destination>{destination}
                               : refusal(text, "neither an IPv4 address nor a host name");
    }
    if (slash != std::string_view::npos && !parse_number<int>(host.substr(slash + 1), 1, 32)) {
        return refusal(text, "the bits after `/` are not a number from 1 to 32");
    }
    if (address.starts_with("127.")) {
        return refusal(text, "a loopback address is the sandbox's own");
    }
    return destination;
}

Result<void> check_host_name(std::string_view text)
{
    in_addr parsed{};
    const bool address = ::inet_pton(AF_INET, std::string{text}.c_str(), &parsed) == 1;
    if (address || !host_name(text)) {
        return Error{
            Errc::invalid_input, "registry host `" + std::string{text} + "` is not a host name"};
    }
    return {};
}

Result<std::vector<PinnedHost>> pin_hosts(const std::vector<std::string>& names)
{
    std::vector<PinnedHost> pinned;
    for (const std::string& name : names) {
        Result<std::vector<std::string>> addresses = resolve(name);
        if (!addresses) {
            return addresses.error();
        }
        pinned.push_back({.name = name, .addresses = *std::move(addresses)});
    }
    return pinned;
}

std::string hosts_file(const std::vector<PinnedHost>& pinned)
{
    std::string text{"127.0.0.1 localhost sandbox\n"};
    for (const PinnedHost& host : pinned) {
        for (const std::string& address : host.addresses) {
            text += address + ' ' + host.name + '\n';
        }
    }
    return text;
}

std::vector<std::string> names_among(const std::vector<std::string>& destinations)
{
    std::vector<std::string> names;
    for (const std::string& text : destinations) {
        if (const Result<Destination> parsed = parse_destination(text); parsed && parsed->named) {
            names.push_back(parsed->host);
        }
    }
    return names;
}

Result<std::vector<Destination>> resolve_destinations(const std::vector<std::string>& texts)
{
    std::vector<Destination> resolved;
    for (const std::string& text : texts) {
        const Result<Destination> parsed = parse_destination(text);
        if (!parsed) {
            return parsed.error();
        }
        if (!parsed->named) {
            resolved.push_back(*parsed);
            continue;
        }
        const auto addresses = resolve(parsed->host);
        if (!addresses) {
            return addresses.error();
        }
        for (const std::string& address : *addresses) {
            resolved.push_back({.host = address, .port = parsed->port});
        }
    }
    return resolved;
}

std::vector<std::string> host_addresses()
{
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) {
        return {};
    }
    const std::unique_ptr<ifaddrs, FreeInterfaces> owner{list};
    std::set<std::string> found;
    for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
        if (auto address = ipv4_text(entry->ifa_addr)) {
            found.insert(std::move(*address));
        }
    }
    return {found.begin(), found.end()};
}

std::string egress_rules(const EgressPolicy& policy)
{
    std::string addresses;
    for (const std::string& address : policy.rejected) {
        addresses += ", " + address;
    }
    std::string accepts;
    for (const Destination& destination : policy.allowed) {
        const std::string ports =
            destination.port ? std::to_string(*destination.port) : "{ 80, 443 }";
        accepts += "    ip daddr " + destination.host + " tcp dport " + ports + " accept\n";
    }
    return fill_template(
        embedded::sandbox_egress(),
        {{"HOST_ADDRESSES", addresses},
         {"NAME_SERVICE",
          policy.only ? ""
                      : "    ip daddr 10.0.2.3 udp dport 53 accept\n"
                        "    ip daddr 10.0.2.3 tcp dport 53 accept\n"},
         {"ALLOWED_DESTINATIONS", accepts},
         {"PUBLIC", policy.only ? only_to(*policy.only) : "    tcp dport { 80, 443 } accept\n"}}
    );
}

}  // namespace libra
