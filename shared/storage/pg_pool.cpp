#include "shared/storage/pg_pool.hpp"

#include "shared/storage/pg_connection.hpp"
#include "shared/storage/pg_fault.hpp"

#include <fmt/format.h>
#include <pqxx/nontransaction>
#include <pqxx/transaction>

#include <algorithm>
#include <utility>

namespace libra {

/// A connection in use. Goes back to the pool, or dies if it broke.
class PgPool::Loan {
public:
    Loan(PgPool& pool, std::list<Lent>::iterator lent, std::unique_ptr<PgConnection> connection)
        : pool_{&pool}, lent_{lent}, connection_{std::move(connection)}
    {
    }

    ~Loan()
    {
        if (connection_) {
            pool_->give_back(lent_, std::move(connection_));
        }
    }

    Loan(Loan&&) noexcept = default;
    Loan& operator=(Loan&&) = delete;
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;

    pqxx::connection_base& session() { return connection_->session(); }

    bool usable() const { return connection_->usable(); }

    /// Ends the loan. @return whether it had gone past the call limit and was cut.
    bool end() { return pool_->give_back(lent_, std::move(connection_)); }

private:
    PgPool* pool_;
    std::list<Lent>::iterator lent_;
    std::unique_ptr<PgConnection> connection_;
};

/// Which faults another try can mend.
class PgPool::Tries {
public:
    bool once_more(PgFault fault)
    {
        constexpr int k_most_collisions = 5;
        switch (fault) {
        case PgFault::lost:
            return losses_++ == 0;
        case PgFault::collision:
            return collisions_++ < k_most_collisions;
        case PgFault::no_answer:
        case PgFault::bad_data:
            break;
        }
        return false;
    }

private:
    int losses_{0};
    int collisions_{0};
};

PgPool::PgPool(PgSettings settings, Clock& clock, PoolWaits waits)
    : settings_{std::move(settings)},
      clock_{clock},
      waits_{std::move(waits)},
      watch_{[this](const std::stop_token& stop) { watch(stop); }}
{
}

PgPool::~PgPool() = default;

Result<void> PgPool::transact(const Work& work)
{
    return run(work, false);
}

Result<void> PgPool::autocommit(const Work& work)
{
    return run(work, true);
}

PoolReading PgPool::reading() const
{
    const std::scoped_lock lock{mutex_};
    const int idle = static_cast<int>(idle_.size());
    const int in_use = static_cast<int>(lent_.size());
    return {
        .size = settings_.connections,
        .in_use = in_use,
        .idle = idle,
        .opening = open_ - idle - in_use,
        .waiting = waiting_.size()};
}

namespace {

Result<void> run_once(pqxx::connection_base& session, const PgPool::Work& work, bool autocommit)
{
    if (autocommit) {
        pqxx::nontransaction statement{session};
        return work(statement);
    }
    pqxx::work transaction{session};
    Result<void> outcome = work(transaction);
    if (outcome.has_value()) {
        transaction.commit();
    }
    return outcome;
}

}  // namespace

Result<void> PgPool::run(const Work& work, bool autocommit)
{
    Tries tries;
    while (true) {
        Result<Loan> loan = borrow();
        if (loan.has_error()) {
            return loan.error();
        }
        try {
            return run_once(loan->session(), work, autocommit);
        } catch (const std::exception& exception) {
            const std::optional<Error> error = last_word_on(exception, *loan, tries);
            if (error) {
                return *error;
            }
        }
    }
}

std::optional<Error> PgPool::last_word_on(const std::exception& exception, Loan& loan, Tries& tries)
{
    const std::optional<PgFault> fault =
        loan.usable() ? pg_fault(exception) : std::optional{PgFault::lost};
    if (!fault) {
        throw;
    }
    if (loan.end()) {
        return Error{Errc::unavailable, "PostgreSQL did not answer in time"};
    }
    if (!tries.once_more(*fault)) {
        const bool our_data = fault == PgFault::bad_data;
        return Error{our_data ? Errc::invalid_input : Errc::unavailable, exception.what()};
    }
    if (fault == PgFault::lost) {
        forget_idle();  // most likely they broke too
    }
    return std::nullopt;
}

Result<PgPool::Loan> PgPool::borrow()
{
    const Instant asked = clock_.now();
    std::unique_lock lock{mutex_};
    const bool come = wait_for_turn(lock);
    if (waits_) {
        waits_(clock_.now() - asked);
    }
    if (!come) {
        return Error{
            Errc::unavailable,
            fmt::format("all {} PostgreSQL connections stayed in use", settings_.connections)};
    }
    std::unique_ptr<PgConnection> connection;
    if (idle_.empty()) {
        if (held_off_until_ && clock_.now() < *held_off_until_) {
            return Error{Errc::unavailable, last_failure_};
        }
        ++open_;
        lock.unlock();
        Result<std::unique_ptr<PgConnection>> opened = open();
        if (opened.has_error()) {
            return opened.error();
        }
        connection = std::move(*opened);
        lock.lock();
    } else {
        connection = std::move(idle_.back());
        idle_.pop_back();
    }
    lent_.push_front({.connection = connection.get(), .until = clock_.now() + settings_.call_limit}
    );
    return Loan{*this, lent_.begin(), std::move(connection)};
}

/// @return whether there is a connection, or the place of one, for whoever holds the lock.
bool PgPool::wait_for_turn(std::unique_lock<std::mutex>& lock)
{
    const auto free = [this] { return !idle_.empty() || open_ < settings_.connections; };
    if (waiting_.empty() && free()) {
        return true;
    }
    std::condition_variable called;
    const auto place = waiting_.insert(waiting_.end(), &called);
    const bool come = called.wait_for(lock, settings_.acquire_timeout, [&] {
        return waiting_.front() == &called && free();
    });
    waiting_.erase(place);
    if (free()) {
        call_next();
    }
    return come;
}

void PgPool::call_next()
{
    if (!waiting_.empty()) {
        waiting_.front()->notify_one();
    }
}

Result<std::unique_ptr<PgConnection>> PgPool::open()
{
    Result<std::unique_ptr<PgConnection>> opened = PgConnection::open(settings_);
    const std::scoped_lock lock{mutex_};
    if (opened.has_error()) {
        --open_;
        last_failure_ = opened.error().detail;
        held_off_until_ = clock_.now() + settings_.hold_off;
        call_next();
    } else {
        held_off_until_.reset();
    }
    return opened;
}

bool PgPool::give_back(std::list<Lent>::iterator lent, std::unique_ptr<PgConnection> connection)
{
    const std::scoped_lock lock{mutex_};
    const bool cut = lent->cut;
    lent_.erase(lent);
    if (connection->usable() && !cut) {
        idle_.push_back(std::move(connection));
    } else {
        --open_;
    }
    call_next();
    return cut;
}

void PgPool::forget_idle()
{
    std::vector<std::unique_ptr<PgConnection>> forgotten;
    const std::scoped_lock lock{mutex_};
    forgotten.swap(idle_);
    open_ -= static_cast<int>(forgotten.size());
    call_next();
}

void PgPool::watch(const std::stop_token& stop)
{
    std::unique_lock lock{mutex_};
    while (!stop.stop_requested()) {
        const Instant now = clock_.now();
        Instant next = now + settings_.call_limit;
        for (Lent& lent : lent_) {
            if (!lent.cut && lent.until <= now) {
                lent.connection->cut();
                lent.cut = true;
            }
            if (!lent.cut) {
                next = std::min(next, lent.until);
            }
        }
        watching_.wait_for(lock, stop, next - now, [] { return false; });
    }
}

}  // namespace libra
