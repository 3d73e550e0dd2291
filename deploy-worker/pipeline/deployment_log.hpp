#pragma once

#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/secrets.hpp"
#include "shared/storage/work_store.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

/// @file The output of a deployment on its way to the store.

namespace libra {

/// What commands print is bounded. A line counts with its bytes and 64 more, which is about what it
/// costs as a row: a build can print millions of empty ones.
struct LogLimits {
    std::size_t total_bytes{16U << 20U};
    std::size_t waiting_bytes{4U << 20U};   // for the store
    std::size_t last_lines{100};            // of what was beyond a limit, kept all the same
    std::size_t batch_lines{2000};          // of one write
    std::size_t batch_bytes{512U << 10U};   // of one write, without its last line
    std::chrono::milliseconds gather{200};  // lines that come together are written together
};

/// Gathers lines and appends them from a thread of its own, so that a build never waits for a
/// commit. Lines are redacted, valid UTF-8 and without terminal control sequences. Thread-safe.
class DeploymentLog final : public LineSink {
public:
    /// The references must outlive the log.
    DeploymentLog(
        WorkStore& store,
        Clock& clock,
        const Redactor& redactor,
        Lease lease,
        LogLimits limits = {}
    );

    /// Drops what is not written yet; call `flush` first.
    ~DeploymentLog() override;

    DeploymentLog(const DeploymentLog&) = delete;
    DeploymentLog& operator=(const DeploymentLog&) = delete;

    /// The step that lines belong to from now on.
    void begin(StepName step);

    /// What the platform says: always kept. Few lines.
    void line(OutputStream stream, std::string_view line) override;

    /// What commands print. Beyond the limits only the last lines are kept, after one that says how
    /// many are not. Lives as long as the log.
    LineSink& commands() { return commands_; }

    /// Writes what is gathered, some thousand lines at a time. @return like WorkStore::append_log;
    /// the lines are kept on `unavailable`.
    Result<void> flush();

    /// Gives up what is gathered: a line in its place says so.
    void drop();

private:
    struct Commands final : LineSink {
        explicit Commands(DeploymentLog& whole) : log{whole} {}

        void line(OutputStream stream, std::string_view text) override;

        DeploymentLog& log;
    };

    void print(OutputStream stream, std::string_view text);
    void add(LogLine line);
    void add_last_lines();
    std::vector<LogLine> take_batch();
    void write_until(const std::stop_token& done);

    WorkStore& store_;
    Clock& clock_;
    const Redactor& redactor_;
    Lease lease_;
    LogLimits limits_;
    Commands commands_{*this};
    std::mutex writing_;  // held across append, so that lines keep their order
    std::mutex mutex_;
    std::condition_variable_any arrived_;
    std::deque<LogLine> waiting_;
    std::size_t waiting_bytes_{0};
    std::size_t total_bytes_{0};   // of commands
    std::deque<LogLine> beyond_;   // the last lines beyond a limit, as printed
    std::size_t beyond_count_{0};  // of all of them
    StepName step_{StepName::validate};
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace libra
