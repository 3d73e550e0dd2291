#include "shared/storage/pg_connection.hpp"

#include "shared/storage/conninfo.hpp"

#include <fmt/format.h>
#include <pqxx/except>

#include <algorithm>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace libra {

namespace {

/// As startup parameters, so that they hold from the first statement on and cost no round trip.
std::string conninfo_of(const PgSettings& settings)
{
    const auto peer_seconds =
        std::chrono::ceil<std::chrono::seconds>(settings.peer_timeout).count();
    return with_parameters(
        settings.url.reveal(),
        {
            {"application_name", settings.application_name},
            {"client_encoding", "UTF8"},
            {"connect_timeout", std::to_string(settings.connect_timeout.count())},
            // During a failover the name may be a standby's.
            {"target_session_attrs", "read-write"},
            {"keepalives", "1"},
            {"keepalives_idle", std::to_string(std::max<std::int64_t>(1, peer_seconds / 2))},
            {"keepalives_interval", "1"},
            {"keepalives_count", std::to_string(std::max<std::int64_t>(1, peer_seconds / 2))},
            {"tcp_user_timeout", std::to_string(settings.peer_timeout.count())},
            {"options",
             fmt::format(
                 "-c statement_timeout={} -c lock_timeout={} "
                 "-c idle_in_transaction_session_timeout={} -c TimeZone=UTC",
                 settings.statement_timeout.count(),
                 settings.lock_timeout.count(),
                 settings.call_limit.count()
             )},
        }
    );
}

}  // namespace

Result<std::unique_ptr<PgConnection>> PgConnection::open(const PgSettings& settings)
{
    try {
        return std::unique_ptr<PgConnection>{new PgConnection{conninfo_of(settings)}};
    } catch (const pqxx::failure& failure) {
        return Error{Errc::unavailable, describe_connect_failure(failure.what())};
    }
}

PgConnection::PgConnection(const std::string& conninfo)
    : connection_{conninfo}, socket_{::fcntl(connection_.sock(), F_DUPFD_CLOEXEC, 0)}
{
    // Deprecated because libpqxx 7 no longer reconnects at all; 6 does, silently.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection_.inhibit_reactivation(true);
#pragma GCC diagnostic pop
}

PgConnection::~PgConnection()
{
    if (socket_ >= 0) {
        ::close(socket_);
    }
}

void PgConnection::cut() const noexcept
{
    if (socket_ >= 0) {
        ::shutdown(socket_, SHUT_RDWR);
    }
}

}  // namespace libra
