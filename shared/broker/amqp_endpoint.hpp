#pragma once

#include "shared/base/result.hpp"
#include "shared/base/secrets.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

/// @file Where the broker is and how to log in: RABBITMQ_URL, taken apart.

namespace libra {

struct AmqpEndpoint {
    bool tls{false};
    std::string host{"localhost"};
    std::uint16_t port{5672};
    std::string vhost{"/"};
    std::string user{"guest"};
    Secret password{"guest"};
    std::string ca_file{"/etc/ssl/certs/ca-certificates.crt"};  // PEM; only for TLS
    std::string connection_name{"libra"};                       // shown in the broker's own lists
    std::chrono::milliseconds step_timeout{3000};               // connect, login, each later answer
    std::chrono::seconds heartbeat{10};  // a peer silent for twice this is dead; 0: never
};

/// Takes `amqp://user:password@host:port/vhost` or `amqps://…` apart. Parts may be percent-encoded
/// and left out; no path, or `/` alone, is the vhost `/` (another one is `/name`, `%2F` is a
/// slash). After `?` come `heartbeat=SECONDS` (0–600) and `cacertfile=PATH`. amqps verifies
/// certificate and host name, always.
///
/// @return `invalid_input`, whose detail says what is wrong and never holds the password.
Result<AmqpEndpoint> parse_amqp_url(std::string_view url);

}  // namespace libra
