#include "shared/http/client_address.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TrustedProxies trusting(std::initializer_list<const char*> networks)
{
    TrustedProxies proxies;
    for (const char* network : networks) {
        REQUIRE(proxies.add(network).has_value());
    }
    return proxies;
}

TEST_CASE("the client's address is the peer's unless the peer is a trusted proxy")
{
    const TrustedProxies proxies = trusting({"10.0.0.0/8", "192.168.1.7", "fd00::/8"});

    struct Row {
        const char* peer;
        const char* forwarded_for;
        const char* client;
    };

    const Row row = GENERATE(
        Row{"203.0.113.9", "1.2.3.4", "203.0.113.9"},
        Row{"10.1.2.3", "", "10.1.2.3"},
        Row{"10.1.2.3", "1.2.3.4", "1.2.3.4"},
        Row{"192.168.1.7", "1.2.3.4", "1.2.3.4"},
        Row{"192.168.1.8", "1.2.3.4", "192.168.1.8"},
        Row{"fd12::1", "2001:db8::5", "2001:db8::5"},
        Row{"::ffff:10.1.2.3", "1.2.3.4", "1.2.3.4"},
        Row{"::ffff:203.0.113.9", "1.2.3.4", "203.0.113.9"},
        // What the client made up stands left of what the first trusted proxy saw.
        Row{"10.1.2.3", "6.6.6.6, 1.2.3.4", "1.2.3.4"},
        Row{"10.1.2.3", "6.6.6.6, 1.2.3.4, 10.9.9.9", "1.2.3.4"},
        Row{"10.1.2.3", "10.4.4.4 ,10.9.9.9", "10.4.4.4"},
        Row{"10.1.2.3", "1.2.3.4:5678", "1.2.3.4"},
        Row{"10.1.2.3", "[2001:db8::5]:443", "2001:db8::5"},
        Row{"10.1.2.3", "garbage", "10.1.2.3"},
        Row{"10.1.2.3", "garbage, 10.9.9.9", "10.9.9.9"},
        Row{"10.1.2.3", "[", "10.1.2.3"},
        Row{"10.1.2.3", ",", "10.1.2.3"}
    );

    CHECK(proxies.client(row.peer, row.forwarded_for) == row.client);
}

TEST_CASE("without trusted proxies X-Forwarded-For is never believed")
{
    CHECK(TrustedProxies{}.client("127.0.0.1", "1.2.3.4") == "127.0.0.1");
}

TEST_CASE("a prefix that is not a whole number of bytes is compared bit by bit")
{
    const TrustedProxies proxies = trusting({"172.16.0.0/12"});

    CHECK(proxies.trusts("172.31.255.255"));
    CHECK_FALSE(proxies.trusts("172.32.0.0"));
}

TEST_CASE("0.0.0.0/0 trusts all of IPv4 and nothing of IPv6")
{
    const TrustedProxies proxies = trusting({"0.0.0.0/0"});

    CHECK(proxies.trusts("203.0.113.9"));
    CHECK_FALSE(proxies.trusts("2001:db8::5"));
}

TEST_CASE("what is no network is not accepted as one")
{
    const char* const text =
        GENERATE("", "proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "fd00::/129", "/8");

    const auto added = TrustedProxies{}.add(text);

    REQUIRE(added.has_error());
    CHECK(added.error().code == Errc::invalid_input);
}

}  // namespace
}  // namespace libra
