#include "shared/net/address_filter.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("what is on the public internet is let through")
{
    const AddressFilter filter;
    for (const char* address :
         {"1.1.1.1",
          "8.8.8.8",
          "172.15.255.255",
          "172.32.0.1",
          "192.167.255.255",
          "100.63.255.255",
          "100.128.0.1",
          "223.255.255.255",
          "2606:4700::1111",
          "2a00:1450::1",
          "::ffff:8.8.8.8"}) {
        CAPTURE(address);
        CHECK(filter.lets_through(address));
    }
}

TEST_CASE("loopback, link-local, private and other special addresses are not")
{
    const AddressFilter filter;
    for (const char* address :
         {"0.0.0.0",
          "10.1.2.3",
          "100.64.0.1",
          "127.0.0.1",
          "127.255.255.255",
          "169.254.169.254",
          "172.16.0.1",
          "172.31.255.255",
          "192.0.0.8",
          "192.0.2.1",
          "192.168.1.1",
          "198.18.0.1",
          "198.51.100.1",
          "203.0.113.1",
          "224.0.0.1",
          "239.1.1.1",
          "240.0.0.1",
          "255.255.255.255",
          "::",
          "::1",
          "::ffff:10.0.0.1",
          "::127.0.0.1",
          "fe80::1",
          "fc00::1",
          "fd12::1",
          "fec0::1",
          "ff02::1",
          "64:ff9b::7f00:1",
          "2001:db8::1",
          "2001::1",
          "2002:7f00:1::1",
          "100::1",
          "3fff::1",
          "64:ff9b:1::1",
          "localhost",
          ""}) {
        CAPTURE(address);
        CHECK_FALSE(filter.lets_through(address));
    }
}

TEST_CASE("what is allowed besides is let through, and nothing else")
{
    AddressFilter filter;
    REQUIRE(filter.allow("10.9.0.0/16").has_value());
    REQUIRE(filter.allow("::1").has_value());

    CHECK(filter.lets_through("10.9.1.1"));
    CHECK(filter.lets_through("::1"));
    CHECK_FALSE(filter.lets_through("10.8.1.1"));
    CHECK_FALSE(filter.lets_through("127.0.0.1"));
    CHECK(filter.allow("everything").error().code == Errc::invalid_input);
}

}  // namespace
}  // namespace libra
