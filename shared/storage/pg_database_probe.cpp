#include "shared/storage/pg_database_probe.hpp"

#include <pqxx/transaction_base>

#include <utility>

namespace libra {

namespace {

PgSettings probe_settings(PgSettings settings)
{
    constexpr std::chrono::seconds k_patience{2};
    settings.application_name += "-probe";
    settings.connections = 1;
    settings.connect_timeout = k_patience;
    settings.statement_timeout = k_patience;
    settings.peer_timeout = k_patience;
    settings.call_limit = k_patience;
    settings.hold_off = std::chrono::milliseconds{0};
    return settings;
}

}  // namespace

PgDatabaseProbe::PgDatabaseProbe(PgSettings settings, Clock& clock)
    : pool_{probe_settings(std::move(settings)), clock},
      thread_{[this](const std::stop_token& stop) { answer_questions(stop); }}
{
}

PgDatabaseProbe::~PgDatabaseProbe() = default;

Result<void> PgDatabaseProbe::ping(std::chrono::milliseconds timeout)
{
    std::unique_lock lock{mutex_};
    const std::uint64_t before = answers_;
    asked_ = true;
    changed_.notify_all();
    if (!changed_.wait_for(lock, timeout, [&] { return answers_ != before; })) {
        return Error{Errc::unavailable, "PostgreSQL did not answer in time"};
    }
    return last_answer_;
}

void PgDatabaseProbe::answer_questions(const std::stop_token& stop)
{
    std::unique_lock lock{mutex_};
    while (changed_.wait(lock, stop, [this] { return asked_; })) {
        asked_ = false;
        lock.unlock();
        Result<void> answer = pool_.autocommit([](pqxx::transaction_base& statement) {
            statement.exec("select 1");
            return Result<void>{};
        });
        lock.lock();
        last_answer_ = std::move(answer);
        ++answers_;
        changed_.notify_all();
    }
}

}  // namespace libra
