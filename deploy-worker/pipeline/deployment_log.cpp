#include "deploy-worker/pipeline/deployment_log.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace libra {

namespace {

constexpr std::size_t k_row_bytes = 64;

std::size_t cost_of(std::string_view text)
{
    return text.size() + k_row_bytes;
}

LogStream stream_of(OutputStream stream)
{
    return stream == OutputStream::out ? LogStream::out : LogStream::err;
}

}  // namespace

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
    add_last_lines();
    step_ = step;
}

void DeploymentLog::line(OutputStream stream, std::string_view line)
{
    const std::scoped_lock lock{mutex_};
    add_last_lines();
    add({.step = step_, .stream = stream_of(stream), .text = std::string{line}});
}

void DeploymentLog::Commands::line(OutputStream stream, std::string_view text)
{
    log.print(stream, text);
}

void DeploymentLog::print(OutputStream stream, std::string_view text)
{
    const std::scoped_lock lock{mutex_};
    LogLine line{.step = step_, .stream = stream_of(stream), .text = std::string{text}};
    const std::size_t cost = cost_of(text);
    if (total_bytes_ + cost <= limits_.total_bytes &&
        waiting_bytes_ + cost <= limits_.waiting_bytes) {
        add_last_lines();
        total_bytes_ += cost;
        add(std::move(line));
        return;
    }
    beyond_.push_back(std::move(line));
    ++beyond_count_;
    if (beyond_.size() > limits_.last_lines) {
        beyond_.pop_front();
    }
}

/// With `mutex_` held.
void DeploymentLog::add(LogLine line)
{
    line.text = redactor_.redact(printable_utf8(without_escapes(line.text)));
    waiting_bytes_ += cost_of(line.text);
    waiting_.push_back(std::move(line));
    arrived_.notify_one();
}

/// With `mutex_` held.
void DeploymentLog::add_last_lines()
{
    if (const std::size_t lost = beyond_count_ - beyond_.size(); lost > 0) {
        add(
            {.step = beyond_.front().step,
             .stream = LogStream::err,
             .text = fmt::format("[{} lines are not kept: there was too much output]", lost)}
        );
    }
    for (LogLine& line : std::exchange(beyond_, {})) {
        add(std::move(line));
    }
    beyond_count_ = 0;
}

std::vector<LogLine> DeploymentLog::take_batch()
{
    const std::scoped_lock lock{mutex_};
    std::vector<LogLine> lines;
    std::size_t bytes = 0;
    while (!waiting_.empty() && lines.size() < limits_.batch_lines && bytes < limits_.batch_bytes) {
        bytes += waiting_.front().text.size();
        waiting_bytes_ -= cost_of(waiting_.front().text);
        lines.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return lines;
}

Result<void> DeploymentLog::flush()
{
    const std::scoped_lock order{writing_};
    for (std::vector<LogLine> lines = take_batch(); !lines.empty(); lines = take_batch()) {
        Result<void> written = store_.append_log(lease_, lines);
        if (written.has_error() && written.error().code == Errc::unavailable) {
            const std::scoped_lock lock{mutex_};
            for (const LogLine& line : lines) {
                waiting_bytes_ += cost_of(line.text);
            }
            waiting_.insert(
                waiting_.begin(),
                std::make_move_iterator(lines.begin()),
                std::make_move_iterator(lines.end())
            );
        }
        if (written.has_error()) {
            return written;
        }
    }
    return {};
}

void DeploymentLog::drop()
{
    const std::scoped_lock order{writing_, mutex_};
    waiting_.clear();
    waiting_bytes_ = 0;
    add(
        {.step = step_,
         .stream = LogStream::err,
         .text = "[output is missing here: it could not be stored]"}
    );
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
