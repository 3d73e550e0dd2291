#pragma once

#include "shared/base/secrets.hpp"

#include <chrono>
#include <string>

/// @file How a process talks to PostgreSQL. Filled and checked by `main`.

namespace libra {

struct PgSettings {
    /// `postgresql://…` or `key=value …`. Its `options`, timeouts and keepalives are replaced by
    /// what follows.
    Secret url{};
    std::string application_name{"libra"};
    int connections{4};
    std::chrono::milliseconds acquire_timeout{2'000};  // wait for a free connection
    std::chrono::seconds connect_timeout{2};           // libpq takes less than 2 for 2
    std::chrono::milliseconds statement_timeout{5'000};
    std::chrono::milliseconds lock_timeout{3'000};
    std::chrono::milliseconds peer_timeout{5'000};  // silence that proves a peer dead
    std::chrono::milliseconds call_limit{10'000};   // longest use of a connection by one call
    std::chrono::milliseconds hold_off{500};        // after a failed connect, before the next
};

}  // namespace libra
