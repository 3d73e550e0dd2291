#pragma once

#include "shared/base/result.hpp"
#include "shared/storage/pg_settings.hpp"

#include <pqxx/connection>

#include <memory>

/// @file One PostgreSQL session that never reconnects behind its user's back.

namespace libra {

/// One thread, except for `cut`.
class PgConnection {
public:
    /// Blocks for `connect_timeout` at most. @return `unavailable`, in words without secrets.
    static Result<std::unique_ptr<PgConnection>> open(const PgSettings& settings);

    ~PgConnection();
    PgConnection(const PgConnection&) = delete;
    PgConnection& operator=(const PgConnection&) = delete;

    pqxx::connection_base& session() { return connection_; }

    /// False once the connection broke; it has to be destroyed then.
    bool usable() const { return connection_.is_open(); }

    /// Makes the call under way, and every later one, fail. Any thread, while the object lives.
    void cut() const noexcept;

private:
    explicit PgConnection(const std::string& conninfo);

    pqxx::connection connection_;
    int socket_;  // our own descriptor of the session's socket: libpq closes its when it likes
};

}  // namespace libra
