#pragma once

#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/secrets.hpp"
#include "shared/storage/work_store.hpp"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

/// @file The output of a deployment on its way to the store.

namespace libra {

struct LogLimits {
    std::size_t total_bytes{16U << 20U};    // after which one line says that the rest is dropped
    std::size_t buffer_bytes{4U << 20U};    // waiting for the store; more than this is dropped
    std::chrono::milliseconds gather{200};  // lines that come together are written together
};

/// Gathers lines and appends them from a thread of its own, so that a build never waits for a
/// commit. Lines are redacted and made valid UTF-8. Thread-safe.
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

    void line(OutputStream stream, std::string_view line) override;

    /// Writes what is gathered. @return like WorkStore::append_log; the lines are kept on
    /// `unavailable`.
    Result<void> flush();

private:
    void write_until(const std::stop_token& done);

    WorkStore& store_;
    Clock& clock_;
    const Redactor& redactor_;
    Lease lease_;
    LogLimits limits_;
    std::mutex writing_;  // held across append, so that lines keep their order
    std::mutex mutex_;
    std::condition_variable_any arrived_;
    std::vector<LogLine> waiting_;
    std::size_t waiting_bytes_{0};
    std::size_t total_bytes_{0};
    bool truncated_{false};
    StepName step_{StepName::validate};
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace libra
