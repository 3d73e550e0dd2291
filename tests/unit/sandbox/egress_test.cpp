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
    const std::string rules = egress_rules({.rejected = {"203.0.113.9", "10.5.5.5"}});

    CHECK(rules.find("240.0.0.0/4, 203.0.113.9, 10.5.5.5\n") != std::string::npos);
    CHECK(rules.find("policy drop") != std::string::npos);
}

TEST_CASE("allowed destinations are accepted before the private ranges are rejected")
{
    const std::string rules =
        egress_rules({.allowed = {{.host = "10.1.2.3", .port = 4873}, {.host = "10.9.0.0/16"}}});

    const std::size_t one = rules.find("ip daddr 10.1.2.3 tcp dport 4873 accept\n");
    const std::size_t two = rules.find("ip daddr 10.9.0.0/16 tcp dport { 80, 443 } accept\n");
    const std::size_t rejected = rules.find("ip daddr @closed");
    CHECK(one < two);
    CHECK(two < rejected);
    CHECK(rejected != std::string::npos);
}

TEST_CASE("the public is open, and a name server, unless only some hosts are")
{
    const std::string open = egress_rules({});
    const std::string closed = egress_rules(
        {.only =
             {{{.name = "a.example", .addresses = {"198.51.100.1", "198.51.100.2"}},
               {.name = "b.example", .addresses = {"198.51.100.1"}}}}}
    );

    CHECK(open.find("\n    tcp dport { 80, 443 } accept\n") != std::string::npos);
    CHECK(open.find("10.0.2.3 udp dport 53 accept") != std::string::npos);
    CHECK(closed.find("\n    tcp dport { 80, 443 } accept\n") == std::string::npos);
    CHECK(closed.find("dport 53") == std::string::npos);
    const std::size_t first = closed.find("ip daddr 198.51.100.1 tcp dport { 80, 443 } accept\n");
    CHECK(first != std::string::npos);
    CHECK(first > closed.find("ip daddr @closed"));  // so a name of a private address opens nothing
    CHECK(closed.find("ip daddr 198.51.100.2 tcp dport { 80, 443 } accept\n") != std::string::npos);
}

TEST_CASE("pinned hosts are found by name without a name server")
{
    CHECK(
        hosts_file({{.name = "a.example", .addresses = {"198.51.100.1", "198.51.100.2"}}}) ==
        "127.0.0.1 localhost sandbox\n198.51.100.1 a.example\n198.51.100.2 a.example\n"
    );
    CHECK(
        names_among({"10.0.0.1:80", "a.example:4873", "10.0.0.0/8", "b.example"}) ==
        std::vector<std::string>{"a.example", "b.example"}
    );
    CHECK(pin_hosts({"localhost"})->front().addresses == std::vector<std::string>{"127.0.0.1"});
    CHECK(pin_hosts({"no-such-host.invalid"}).error().code == Errc::unavailable);
}

TEST_CASE("a registry host is a name")
{
    CHECK(check_host_name("packages.example").has_value());
    for (const char* text : {"", "192.0.2.1", "https://packages.example", "a b", "a:80"}) {
        CHECK(check_host_name(text).error().code == Errc::invalid_input);
    }
}

TEST_CASE("the host's own addresses include loopback")
{
    const auto addresses = host_addresses();

    CHECK(std::find(addresses.begin(), addresses.end(), "127.0.0.1") != addresses.end());
}

}  // namespace
}  // namespace libra
