#include "deploy-worker/sandbox/egress.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace libra {
namespace {

TEST_CASE("destinations are addresses, networks or names, with or without a port")
{
    CHECK(*parse_destination("10.1.2.3") == Destination{.host = "10.1.2.3"});
    CHECK(
        *parse_destination("10.1.0.0/16:4873") == Destination{.host = "10.1.0.0/16", .port = 4873}
    );
    CHECK(
        *parse_destination("registry.internal:443") ==
        Destination{.host = "registry.internal", .named = true, .port = 443}
    );
}

TEST_CASE("a destination that could change the rules is refused")
{
    const auto* const text = GENERATE(
        "",
        ":80",
        "10.1.2.3:0",
        "10.1.2.3:65536",
        "10.1.2.3:x",
        "10.0.0.0/0",
        "10.0.0.0/33",
        "10.0.0.0/",
        "host/24",
        "-x",
        "a b",
        "10.1.2.3 accept",
        "127.0.0.1:80",
        "127.1.0.0/16",
        "fe80::1"
    );

    const auto parsed = parse_destination(text);

    REQUIRE(parsed.has_error());
    CHECK(parsed.error().code == Errc::invalid_input);
}

TEST_CASE("addresses of the host join the rejected ones")
{
    const std::string rules = egress_rules({"203.0.113.9", "10.5.5.5"}, {});

    CHECK(rules.find("240.0.0.0/4, 203.0.113.9, 10.5.5.5\n") != std::string::npos);
    CHECK(rules.find("policy drop") != std::string::npos);
}

TEST_CASE("allowed destinations are accepted before the private ranges are rejected")
{
    const std::string rules =
        egress_rules({}, {{.host = "10.1.2.3", .port = 4873}, {.host = "10.9.0.0/16"}});

    const std::size_t one = rules.find("ip daddr 10.1.2.3 tcp dport 4873 accept\n");
    const std::size_t two = rules.find("ip daddr 10.9.0.0/16 tcp dport { 80, 443 } accept\n");
    const std::size_t rejected = rules.find("ip daddr @closed");
    CHECK(one < two);
    CHECK(two < rejected);
    CHECK(rejected != std::string::npos);
}

TEST_CASE("the host's own addresses include loopback")
{
    const auto addresses = host_addresses();

    CHECK(std::find(addresses.begin(), addresses.end(), "127.0.0.1") != addresses.end());
}

}  // namespace
}  // namespace libra
