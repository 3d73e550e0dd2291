#pragma once

#include "shared/storage/database.hpp"
#include "shared/storage/pg_pool.hpp"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <thread>

namespace libra {

/// Asks on a connection and a thread of its own, so that neither a busy pool nor a host that
/// swallows packets can hold up the answer. Destroying it waits for a question under way, for a few
/// seconds at most.
class PgDatabaseProbe final : public DatabaseProbe {
public:
    PgDatabaseProbe(PgSettings settings, Clock& clock);
    ~PgDatabaseProbe() override;
    PgDatabaseProbe(const PgDatabaseProbe&) = delete;
    PgDatabaseProbe& operator=(const PgDatabaseProbe&) = delete;

    Result<void> ping(std::chrono::milliseconds timeout) override;

private:
    void answer_questions(const std::stop_token& stop);

    PgPool pool_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool asked_{false};
    std::uint64_t answers_{0};
    Result<void> last_answer_;
    std::jthread thread_;  // last, so that it ends before what it uses
};

}  // namespace libra
