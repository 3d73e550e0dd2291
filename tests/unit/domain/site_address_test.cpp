#include "shared/domain/site_address.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("an address names its port unless it is the scheme's own")
{
    const SiteAddress local{.scheme = "http", .domain = "localhost", .port = 8080};
    const SiteAddress secure{.scheme = "https", .domain = "sites.example", .port = 443};

    CHECK(site_url(local, site_host(local, "shop")) == "http://shop.localhost:8080/");
    CHECK(site_url(secure, site_host(secure, "shop")) == "https://shop.sites.example/");
    CHECK(site_url({.port = 443}, "a.example") == "http://a.example:443/");
}

TEST_CASE("a label that can be a DNS label and no preview is good")
{
    for (const char* const good : {"a", "shop", "shop-42", "0", "a-b-c"}) {
        CAPTURE(good);
        CHECK_FALSE(label_problem(good).has_value());
    }
    CHECK_FALSE(label_problem(std::string(40, 'a')).has_value());
}

TEST_CASE("any other label is refused")
{
    for (const char* const bad :
         {"", "-shop", "shop-", "Shop", "shop--1", "xn--shop", "a.b", "a_b", "a b", "ä"}) {
        CAPTURE(bad);
        CHECK(label_problem(bad).has_value());
    }
    CHECK(label_problem(std::string(41, 'a')).has_value());
}

TEST_CASE("a name becomes a readable label")
{
    CHECK(label_from("My Shop") == "my-shop");
    CHECK(label_from("  Ada's  *first* site! ") == "ada-s-first-site");
    CHECK(label_from("Café 24") == "caf-24");
    CHECK(label_from("店") == "site");
    CHECK(label_from("") == "site");
}

TEST_CASE("whatever the name, its label is good, also with a suffix")
{
    for (const std::string& name :
         {std::string(500, 'x'),
          std::string(500, '-'),
          std::string{"a - b"},
          std::string{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbb"},
          std::string{"\xff\xfe"}}) {
        CAPTURE(name);
        CHECK_FALSE(label_problem(label_from(name)).has_value());
        CHECK_FALSE(label_problem(label_from(name) + "-0a1b2c").has_value());
    }
}

}  // namespace
}  // namespace libra
