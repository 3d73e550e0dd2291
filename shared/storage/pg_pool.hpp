#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/storage/pg_settings.hpp"
#include "shared/storage/pool_reading.hpp"

#include <condition_variable>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

/// @file A bounded number of PostgreSQL connections, and the one way to use them.
///
/// Downstream: PostgreSQL. Upstream: every pg_* store.

namespace pqxx {
class transaction_base;
}

namespace libra {

class PgConnection;

/// Thread-safe. Connections are opened when first needed; one that broke is destroyed, never used
/// again. A call takes at most `acquire_timeout` + `connect_timeout` + `call_limit`, twice that if
/// a connection broke under it; while the database is away calls fail at once for `hold_off` after
/// each failed attempt to connect. Whoever waits for a connection is served in the order of
/// arrival.
class PgPool {
public:
    using Work = std::function<Result<void>(pqxx::transaction_base&)>;

    /// `clock`, and what `waits` uses, must outlive the pool.
    PgPool(PgSettings settings, Clock& clock, PoolWaits waits = {});
    ~PgPool();
    PgPool(const PgPool&) = delete;
    PgPool& operator=(const PgPool&) = delete;

    /// Runs `work` in one transaction, and commits it unless `work` returns an error, which is
    /// passed on.
    ///
    /// `work` runs again after a deadlock, and once more on a new connection after one that broke.
    /// It has to find out for itself whether its first run was committed, because a connection lost
    /// during commit does not tell: its writes are idempotent, or it reads back what it wrote.
    ///
    /// @return `unavailable` when there is no connection or no answer in time; `invalid_input` for
    /// a value that no column takes.
    Result<void> transact(const Work& work);

    /// The same for `work` of exactly one statement, which commits itself: one round trip.
    Result<void> autocommit(const Work& work);

    PoolReading reading() const;

private:
    class Loan;
    class Tries;

    struct Lent {
        PgConnection* connection{};
        Instant until{};
        bool cut{};
    };

    Result<void> run(const Work& work, bool autocommit);
    /// Called while `exception` is handled, which it rethrows if it is a bug.
    /// @return nothing when the work is worth another try.
    std::optional<Error> last_word_on(const std::exception& exception, Loan& loan, Tries& tries);
    Result<Loan> borrow();
    bool wait_for_turn(std::unique_lock<std::mutex>& lock);
    void call_next();
    Result<std::unique_ptr<PgConnection>> open();
    bool give_back(std::list<Lent>::iterator lent, std::unique_ptr<PgConnection> connection);
    void forget_idle();
    void watch(const std::stop_token& stop);

    PgSettings settings_;
    Clock& clock_;
    PoolWaits waits_;
    mutable std::mutex mutex_;
    std::list<std::condition_variable*> waiting_;  // for a connection, in the order of arrival
    std::condition_variable_any watching_;         // ends only with the pool
    std::vector<std::unique_ptr<PgConnection>> idle_;
    std::list<Lent> lent_;
    int open_{0};  // idle, lent or being opened
    std::optional<Instant> held_off_until_;
    std::string last_failure_;
    std::jthread watch_;  // last, so that it ends before what it watches
};

}  // namespace libra
