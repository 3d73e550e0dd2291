#include "shared/broker/amqp_endpoint.hpp"
#include "tests/fuzz/encoding.hpp"
#include "tests/fuzz/target.hpp"

#include <string>

namespace libra::fuzz {

namespace {

std::string spelled_out(const AmqpEndpoint& endpoint)
{
    return std::string{endpoint.tls ? "amqps://" : "amqp://"} + percent_encoded(endpoint.user) +
           ':' + percent_encoded(endpoint.password.reveal()) + '@' +
           percent_encoded(endpoint.host) + ':' + std::to_string(endpoint.port) + '/' +
           percent_encoded(endpoint.vhost) +
           "?heartbeat=" + std::to_string(endpoint.heartbeat.count()) +
           "&cacertfile=" + percent_encoded(endpoint.ca_file);
}

void check_endpoint(const AmqpEndpoint& endpoint)
{
    must(!endpoint.host.empty() && !endpoint.user.empty(), "somebody logs in somewhere");
    must(endpoint.port > 0, "a port is a number from 1");
    must(endpoint.heartbeat.count() >= 0 && endpoint.heartbeat.count() <= 600, "a heart beats");
    for (const std::string* const part :
         {&endpoint.host, &endpoint.user, &endpoint.vhost, &endpoint.password.reveal()}) {
        // rabbitmq-c takes C strings.
        must(part->find('\0') == std::string::npos || part->empty(), "no part ends early");
    }
    const Result<AmqpEndpoint> again = parse_amqp_url(spelled_out(endpoint));
    must(again.has_value(), "a URL can be spelled out");
    must(
        again->host == endpoint.host && again->port == endpoint.port, "it leads to the same place"
    );
    must(again->user == endpoint.user && again->vhost == endpoint.vhost, "and the same account");
    must(again->password.reveal() == endpoint.password.reveal(), "with the same password");
    must(again->ca_file == endpoint.ca_file && again->tls == endpoint.tls, "as safely");
}

/// What is wrong with a URL goes into the log.
void check_password(std::string_view input)
{
    constexpr std::string_view k_part_of_password{"Zq8xVw"};
    const std::string url =
        "amqp://libra:" + std::string{k_part_of_password}.append(input).append(k_part_of_password) +
        "@mq.example/tenant";
    const Result<AmqpEndpoint> endpoint = parse_amqp_url(url);
    must(
        !endpoint.has_error() ||
            endpoint.error().detail.find(k_part_of_password) == std::string::npos,
        "what is wrong with a URL is said without its password"
    );
}

}  // namespace

void try_input(std::string_view input)
{
    if (const Result<AmqpEndpoint> endpoint = parse_amqp_url(input)) {
        check_endpoint(*endpoint);
    }
    check_password(input);
}

}  // namespace libra::fuzz
