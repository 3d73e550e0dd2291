#include "shared/broker/amqp_endpoint.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

TEST_CASE("a full broker URL is taken apart")
{
    const auto endpoint = parse_amqp_url("amqp://libra:s3cret@mq.example:5673/tenant").value();

    CHECK_FALSE(endpoint.tls);
    CHECK(endpoint.host == "mq.example");
    CHECK(endpoint.port == 5673);
    CHECK(endpoint.user == "libra");
    CHECK(endpoint.password.reveal() == "s3cret");
    CHECK(endpoint.vhost == "tenant");
}

TEST_CASE("what a broker URL leaves out has the broker's defaults")
{
    for (const char* url : {"amqp://localhost", "amqp://localhost/", "amqp://localhost/%2F"}) {
        const auto endpoint = parse_amqp_url(url).value();

        CHECK(endpoint.port == 5672);
        CHECK(endpoint.user == "guest");
        CHECK(endpoint.password.reveal() == "guest");
        CHECK(endpoint.vhost == "/");
    }
}

TEST_CASE("amqps means TLS on its own port")
{
    const auto endpoint = parse_amqp_url("amqps://mq.example?cacertfile=/etc/ca%20s.pem").value();

    CHECK(endpoint.tls);
    CHECK(endpoint.port == 5671);
    CHECK(endpoint.ca_file == "/etc/ca s.pem");
}

TEST_CASE("the parts of a broker URL are percent-decoded")
{
    const auto endpoint = parse_amqp_url("amqp://a%40b:p%3A%2F%25@h/v%2Fw?heartbeat=7").value();

    CHECK(endpoint.user == "a@b");
    CHECK(endpoint.password.reveal() == "p:/%");
    CHECK(endpoint.vhost == "v/w");
    CHECK(endpoint.heartbeat == 7s);
}

TEST_CASE("an IPv6 address is written in brackets")
{
    const auto endpoint = parse_amqp_url("amqp://[::1]:5000").value();

    CHECK(endpoint.host == "::1");
    CHECK(endpoint.port == 5000);
}

TEST_CASE("a wrong broker URL is refused without naming its password")
{
    for (const char* url : {
             "",
             "localhost:5672",
             "http://u:s3cret@h",
             "amqp://",
             "amqp://u:s3cret@",
             "amqp://:s3cret@h",
             "amqp://u:s3cret%@h",
             "amqp://u:s3cret%zz@h",
             "amqp://u:s3cret%00@h",
             "amqp://u:s3cret@h:0",
             "amqp://u:s3cret@h:65536",
             "amqp://u:s3cret@h:55x",
             "amqp://u:s3cret@[::1",
             "amqp://u:s3cret@[::1]5",
             "amqp://u:s3cret@h/a/b",
             "amqp://u:s3cret@h?heartbeat=soon",
             "amqp://u:s3cret@h?heartbeat=601",
             "amqp://u:s3cret@h?colour=red",
             "amqp://u:s3cret@h?cacertfile=",
         }) {
        INFO(url);
        const auto outcome = parse_amqp_url(url);

        REQUIRE(outcome.has_error());
        CHECK(outcome.error().code == Errc::invalid_input);
        CHECK_FALSE(outcome.error().detail.empty());
        CHECK_THAT(outcome.error().detail, !Catch::Contains("s3cret"));
    }
}

TEST_CASE("a broker URL with a NUL byte is refused")
{
    CHECK(parse_amqp_url(std::string_view{"amqp://u:p\0q@h", 15}).has_error());
}

TEST_CASE("a password that was not encoded is not named where it is taken for something else")
{
    for (const char* url : {
             "amqp://u:s3cret/x@h",
             "amqp://u:s3cret?x@h",
             "amqp://u:1/s3cret/x@h",
             "amqp://u:1?s3cret@h",
             "amqp://u:1?s3cret=%@h",
             "amqp://u:1?x&s3cret@h",
         }) {
        INFO(url);
        const auto outcome = parse_amqp_url(url);

        REQUIRE(outcome.has_error());
        CHECK_THAT(outcome.error().detail, !Catch::Contains("s3cret"));
    }
}

}  // namespace
}  // namespace libra
