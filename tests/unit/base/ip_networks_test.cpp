#include "shared/base/ip_networks.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

bool within(std::string_view network, std::string_view address)
{
    IpNetworks networks;
    REQUIRE(networks.add(network).has_value());
    return networks.contains(IpAddress::parse(address).value());
}

TEST_CASE("an address is shown in its shortest form, a mapped one as IPv4")
{
    CHECK(IpAddress::parse("192.0.2.7")->text() == "192.0.2.7");
    CHECK(IpAddress::parse("::ffff:192.0.2.7")->text() == "192.0.2.7");
    CHECK(IpAddress::parse("::ffff:192.0.2.7")->is_v4());
    CHECK(IpAddress::parse("2001:0db8:0:0::1")->text() == "2001:db8::1");
    CHECK_FALSE(IpAddress::parse("::1")->is_v4());
}

TEST_CASE("what is no plain address is none")
{
    for (const std::string_view text :
         {"",
          "localhost",
          "1.2.3",
          "1.2.3.4.5",
          "256.1.1.1",
          "1.2.3.4:80",
          "[::1]",
          "fe80::1%eth0",
          "::1 ",
          "0x7f.1",
          "01.2.3.4",
          ":::"}) {
        CAPTURE(text);
        CHECK_FALSE(IpAddress::parse(text).has_value());
    }
    CHECK_FALSE(IpAddress::parse(std::string_view{"1.2.3.4\0", 8}).has_value());
}

TEST_CASE("a network holds the addresses that share its first bits")
{
    CHECK(within("10.0.0.0/8", "10.255.1.2"));
    CHECK_FALSE(within("10.0.0.0/8", "11.0.0.1"));
    CHECK(within("192.0.2.128/25", "192.0.2.255"));
    CHECK_FALSE(within("192.0.2.128/25", "192.0.2.127"));
    CHECK(within("fd00::/8", "fdff::1"));
    CHECK_FALSE(within("fd00::/8", "fe00::1"));
    CHECK(within("127.0.0.1", "::ffff:127.0.0.1"));
    CHECK_FALSE(within("127.0.0.1", "127.0.0.2"));
    CHECK(within("0.0.0.0/0", "8.8.8.8"));
    CHECK_FALSE(within("0.0.0.0/0", "2001:db8::1"));
}

TEST_CASE("what is no network is refused with its name")
{
    IpNetworks networks;
    for (const char* network : {"10.0.0.0/33", "fd00::/129", "10.0.0.0/", "10.0.0.0/-1", "x/8"}) {
        CAPTURE(network);
        const Result<void> added = networks.add(network);
        REQUIRE(added.has_error());
        CHECK(added.error().code == Errc::invalid_input);
        CHECK(added.error().detail.find(network) != std::string::npos);
    }
    CHECK(networks.empty());
}

}  // namespace
}  // namespace libra
