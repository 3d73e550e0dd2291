#include "shared/http/client_address.hpp"
#include "tests/fuzz/target.hpp"

#include <string>

/// @file X-Forwarded-For, as a client may write it in the hope of passing for somebody else.

namespace libra::fuzz {

namespace {

TrustedProxies proxies()
{
    TrustedProxies trusted;
    trusted.add("10.0.0.0/8").value();
    trusted.add("fd00::/8").value();
    return trusted;
}

void check_forwarded(const std::string& list)
{
    const TrustedProxies trusted = proxies();
    const std::string client = trusted.client("10.0.0.1", list);
    must(trusted.client("203.0.113.9", list) == "203.0.113.9", "a stranger is who connects");
    must(TrustedProxies{}.client("10.0.0.1", list) == "10.0.0.1", "no proxy is trusted unasked");
    must(trusted.client(client, "") == client, "an address has one spelling");
    must(
        trusted.client("::ffff:10.0.0.1", list) == client, "an address is the same mapped to IPv6"
    );
    if (!trusted.trusts(client)) {
        must(
            trusted.client("10.0.0.1", "198.51.100.7," + list) == client,
            "what stands before the client's address does not matter"
        );
    }
    if (!list.empty()) {
        must(
            trusted.client("fd00::1", list + ", 10.0.0.1") == client,
            "another proxy may come between"
        );
    }
}

void check_network(std::string_view input)
{
    TrustedProxies trusted;
    if (const auto added = trusted.add(input); added.has_error()) {
        must(added.error().code == Errc::invalid_input, "what is no network is refused");
        must(!trusted.trusts("10.0.0.1"), "and nobody is trusted for it");
        return;
    }
    must(trusted.trusts(input.substr(0, input.find('/'))), "a network holds its own address");
}

}  // namespace

void try_input(std::string_view input)
{
    check_forwarded(std::string{input});
    check_network(input);
}

}  // namespace libra::fuzz
