#pragma once

#include "shared/storage/conninfo.hpp"
#include "tests/support/pg_test_database.hpp"
#include "tests/support/tcp_proxy.hpp"

#include <pqxx/connection>

#include <string>

namespace libra::testing {

inline std::string server_host(const PgTestDatabase& database)
{
    return pqxx::connection{database.url()}.hostname();
}

inline std::string server_port(const PgTestDatabase& database)
{
    return pqxx::connection{database.url()}.port();
}

/// The way to the database through a network that fails on demand.
struct Network {
    explicit Network(const PgTestDatabase& database)
        : proxy{server_host(database), server_port(database)}, settings{database.settings()}
    {
        settings.url = Secret{with_parameters(
            database.url(),
            {{"host", "127.0.0.1"}, {"port", std::to_string(proxy.port())}, {"sslmode", "disable"}}
        )};
    }

    TcpProxy proxy;
    PgSettings settings;
};

}  // namespace libra::testing
