#include "deploy-worker/pipeline/deployment_log.hpp"

#include "shared/base/text.hpp"

#include <iterator>
#include <utility>

namespace libra {

DeploymentLog::DeploymentLog(
    WorkStore& store,
    Clock& clock,
    const Redactor& redactor,
    Lease lease,
    LogLimits limits
)
    : store_{store},
      clock_{clock},
      redactor_{redactor},
      lease_{std::move(lease)},
      limits_{limits},
      thread_{[this](const std::stop_token& done) { write_until(done); }}
{
}

DeploymentLog::~DeploymentLog() = default;

void DeploymentLog::begin(StepName step)
{
    const std::scoped_lock lock{mutex_};
    step_ = step;
}

void DeploymentLog::line(OutputStream stream, std::string_view line)
{
    const LogStream kind = stream == OutputStream::out ? LogStream::out : LogStream::err;
    std::string text = redactor_.redact(printable_utf8(line));
    const std::scoped_lock lock{mutex_};
    if (truncated_) {
        return;
    }
    total_bytes_ += text.size() + 1;
    waiting_bytes_ += text.size() + 1;
    if (total_bytes_ > limits_.total_bytes || waiting_bytes_ > limits_.buffer_bytes) {
        truncated_ = true;
        text = "[the rest of the output is not kept: there was too much of it]";
    }
    waiting_.push_back({.step = step_, .stream = kind, .text = std::move(text)});
    arrived_.notify_one();
}

Result<void> DeploymentLog::flush()
{
    const std::scoped_lock order{writing_};
    std::vector<LogLine> lines;
    {
        const std::scoped_lock lock{mutex_};
        lines.swap(waiting_);
        waiting_bytes_ = 0;
    }
    if (lines.empty()) {
        return {};
    }
    Result<void> written = store_.append_log(lease_, lines);
    if (written.has_error() && written.error().code == Errc::unavailable) {
        const std::scoped_lock lock{mutex_};
        waiting_.insert(
            waiting_.begin(),
            std::make_move_iterator(lines.begin()),
            std::make_move_iterator(lines.end())
        );
    }
    return written;
}

void DeploymentLog::write_until(const std::stop_token& done)
{
    while (!done.stop_requested()) {
        {
            std::unique_lock lock{mutex_};
            if (!arrived_.wait(lock, done, [this] { return !waiting_.empty(); })) {
                return;
            }
        }
        if (!clock_.wait_for(limits_.gather, done)) {
            return;
        }
        const Result<void> written = flush();
        if (written.has_error() && written.error().code != Errc::unavailable) {
            return;  // the lease is gone; what comes now belongs to nobody
        }
    }
}

}  // namespace libra
