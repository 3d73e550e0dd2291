#include "api-gateway/limits/request_rates.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

constexpr Instant k_start{1h};

HttpRequest from(std::string client, std::string_view authorization = {})
{
    HttpRequest request;
    request.client = std::move(client);
    if (!authorization.empty()) {
        request.headers = {{"Authorization", authorization}};
    }
    return request;
}

TEST_CASE("an IPv6 client is its whole network of 64 bits, an IPv4 client its address")
{
    CHECK(address_group("2001:db8:1:2:3::4") == address_group("2001:db8:1:2:ffff::1"));
    CHECK(address_group("2001:db8:1:2::1") != address_group("2001:db8:1:3::1"));
    CHECK(address_group("192.0.2.1") == "192.0.2.1");
    CHECK(address_group("::ffff:192.0.2.1") != address_group("::ffff:192.0.2.2"));
    CHECK(address_group("no address") == "no address");
}

TEST_CASE("an address is limited whatever credentials it shows")
{
    RequestRates rates{{.per_address = 2}};

    CHECK_FALSE(rates.take(from("192.0.2.1", "Bearer a"), k_start));
    CHECK_FALSE(rates.take(from("192.0.2.1", "Bearer b"), k_start));
    const std::optional<RateReading> refusal = rates.take(from("192.0.2.1"), k_start);
    REQUIRE(refusal);
    CHECK(refusal->limit == 2);
    CHECK_FALSE(rates.take(from("192.0.2.2"), k_start));
}

TEST_CASE("a credential is limited wherever it is shown from")
{
    RequestRates rates{{.per_principal = 2}};

    CHECK_FALSE(rates.take(from("192.0.2.1", "Bearer a"), k_start));
    CHECK_FALSE(rates.take(from("192.0.2.2", "Bearer a"), k_start));
    CHECK(rates.take(from("192.0.2.3", "Bearer a"), k_start));
    CHECK_FALSE(rates.take(from("192.0.2.3", "Bearer b"), k_start));
    CHECK_FALSE(rates.take(from("192.0.2.3"), k_start));
}

TEST_CASE("what is refused by address does not count against the credential")
{
    RequestRates rates{{.per_address = 1, .per_principal = 10}};
    rates.take(from("192.0.2.1", "Bearer a"), k_start);
    rates.take(from("192.0.2.1", "Bearer a"), k_start);

    CHECK(rates.look(from("192.0.2.2", "Bearer a"), k_start)->remaining == 9);
}

TEST_CASE("of two limits the tighter one is told")
{
    RequestRates rates{{.per_address = 100, .per_principal = 10}};
    const HttpRequest request = from("192.0.2.1", "Bearer a");
    rates.take(request, k_start);

    CHECK(rates.look(request, k_start)->limit == 10);
    CHECK(rates.look(from("192.0.2.1"), k_start)->limit == 100);
}

TEST_CASE("without limits nothing is counted and nothing told")
{
    RequestRates rates{{}};

    for (int i = 0; i < 1000; ++i) {
        CHECK_FALSE(rates.take(from("192.0.2.1", "Bearer a"), k_start));
    }
    CHECK_FALSE(rates.look(from("192.0.2.1", "Bearer a"), k_start));
}

TEST_CASE("a response tells its reading, and a refusal when to come again")
{
    HttpResponse accepted;
    add_rate_headers(accepted, {.limit = 10, .remaining = 4, .until_full = 36s});
    CHECK(accepted.header("RateLimit-Limit") == "10");
    CHECK(accepted.header("RateLimit-Remaining") == "4");
    CHECK(accepted.header("RateLimit-Reset") == "36");
    CHECK_FALSE(accepted.header("Retry-After"));

    HttpResponse refused;
    add_rate_headers(
        refused,
        {.allowed = false, .limit = 10, .remaining = 0, .until_full = 60s, .until_next = 6s}
    );
    CHECK(refused.header("Retry-After") == "6");
}

TEST_CASE("a reading that an answer has already is not overwritten")
{
    HttpResponse response;
    add_rate_headers(response, {.limit = 10, .remaining = 4});
    add_rate_headers(response, {.limit = 99, .remaining = 98});

    CHECK(response.header("RateLimit-Limit") == "10");
    CHECK(response.headers.size() == 3);
}

}  // namespace
}  // namespace libra
