#pragma once

#include "shared/http/client_address.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

/// @file What an operator may change about the server. Defaults from SPEC, "Limits".

namespace libra {

struct HttpLimits {
    std::size_t header_bytes{16U << 10U};  // request line and headers together
    std::size_t body_bytes{25U << 20U};
    std::size_t body_memory{512U << 20U};  // all bodies being received or handled at one time
    std::size_t connections{4096};
    std::size_t connections_per_address{256};  // trusted proxies are exempt
};

/// Kept to a tenth of a second.
struct HttpDeadlines {
    std::chrono::milliseconds header{5'000};      // from its first byte to its last
    std::chrono::milliseconds body{30'000};       // the whole body
    std::chrono::milliseconds body_idle{10'000};  // between two pieces of it
    std::chrono::milliseconds write{30'000};      // for each 256 KiB of an answer
    std::chrono::milliseconds keep_alive{60'000};
    std::chrono::milliseconds linger{2'000};  // reading on after an answer that ends a connection
};

struct HttpSettings {
    std::string address{"0.0.0.0"};  // IPv4 or IPv6 address to bind
    std::uint16_t port{3008};        // 0 lets the system choose
    std::size_t io_threads{1};
    std::size_t workers{8};        // threads that may block
    std::size_t queued_work{256};  // requests waiting for one; more answer 503
    HttpLimits limits{};
    HttpDeadlines deadlines{};
    TrustedProxies trusted_proxies{};
};

}  // namespace libra
