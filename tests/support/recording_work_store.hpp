#pragma once

#include "shared/storage/work_store.hpp"

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace libra::testing {

/// Answers claims and renewals from a script and writes down every call as one word or line:
/// `begin validate`, `end build: message`, `complete http://…`, `fail build user code`, `retry
/// 5000`.
class RecordingWorkStore : public WorkStore {
public:
    /// Answers of `claim`, in order; the last one repeats.
    std::deque<Result<ClaimAnswer>> claims{};
    /// Answers of `first_in_line`, in order; afterwards nobody.
    std::deque<Result<std::optional<std::string>>> first_in_line_answers{};
    /// Answers of `renew`, in order; afterwards `fenced`, which ends the keeper's loop.
    std::deque<Result<bool>> renewals{};
    /// Answers of `cancel_requested`, in order; afterwards false.
    std::deque<Result<bool>> looks{};
    /// Errors of the state writes, in order, before they begin to succeed.
    std::deque<Errc> write_errors{};
    std::function<void(const std::string&)> on_call{};

    Result<ClaimAnswer> claim(const std::string& id, const std::string& worker) override
    {
        record("claim " + id + " by " + worker);
        const std::scoped_lock lock{mutex_};
        Result<ClaimAnswer> answer = claims.front();
        if (claims.size() > 1) {
            claims.pop_front();
        }
        return answer;
    }

    Result<std::optional<std::string>> first_in_line() override
    {
        const std::scoped_lock lock{mutex_};
        if (first_in_line_answers.empty()) {
            return std::optional<std::string>{};
        }
        Result<std::optional<std::string>> answer = first_in_line_answers.front();
        first_in_line_answers.pop_front();
        return answer;
    }

    Result<bool> renew(const Lease& /*lease*/) override
    {
        const std::scoped_lock lock{mutex_};
        if (renewals.empty()) {
            return Error{Errc::fenced, "script ended"};
        }
        Result<bool> answer = renewals.front();
        renewals.pop_front();
        return answer;
    }

    Result<bool> cancel_requested(const Lease& /*lease*/) override
    {
        const std::scoped_lock lock{mutex_};
        if (looks.empty()) {
            return false;
        }
        Result<bool> answer = looks.front();
        looks.pop_front();
        return answer;
    }

    Result<void> begin_step(const Lease&, StepName step, const std::string&) override
    {
        return write("begin " + std::string{to_string(step)});
    }

    Result<void>
    end_step(const Lease&, StepName step, const std::optional<std::string>& error) override
    {
        return write("end " + std::string{to_string(step)} + (error ? ": " + *error : ""));
    }

    Result<void> append_log(const Lease&, const std::vector<LogLine>& lines) override
    {
        const std::scoped_lock lock{mutex_};
        if (!append_errors.empty()) {
            const Errc code = append_errors.front();
            append_errors.pop_front();
            return Error{code, "scripted"};
        }
        appended.push_back(lines.size());
        logged_.insert(logged_.end(), lines.begin(), lines.end());
        return {};
    }

    Result<void> complete(const Lease&, const Completion& completion) override
    {
        return write("complete " + completion.url);
    }

    Result<void>
    fail(const Lease&, const Failure& failure, StepName step, const FailureNotes& notes) override
    {
        {
            const std::scoped_lock lock{mutex_};
            failure_report_ = notes.report_json;
        }
        return write(
            "fail " + std::string{to_string(step)} + " " +
            std::string{to_string(failure.failure_class)} + " " + failure.code
        );
    }

    Result<void> cancel(const Lease&, StepName step) override
    {
        return write("cancel at " + std::string{to_string(step)});
    }

    Result<void> retry_later(
        const Lease&,
        const Failure& failure,
        StepName step,
        std::chrono::milliseconds delay
    ) override
    {
        return write(
            "retry " + std::string{to_string(step)} + " " + failure.code + " in " +
            std::to_string(delay.count())
        );
    }

    Result<void> hand_back(const Lease&) override { return write("hand back"); }

    std::vector<std::string> calls() const
    {
        const std::scoped_lock lock{mutex_};
        return calls_;
    }

    std::vector<LogLine> lines() const
    {
        const std::scoped_lock lock{mutex_};
        return logged_;
    }

    /// What the last failure was explained with.
    std::string failure_report() const
    {
        const std::scoped_lock lock{mutex_};
        return failure_report_;
    }

    std::deque<Errc> append_errors{};
    std::vector<std::size_t> appended{};  // how many lines each time

private:
    void record(const std::string& call)
    {
        {
            const std::scoped_lock lock{mutex_};
            calls_.push_back(call);
        }
        if (on_call) {
            on_call(call);
        }
    }

    Result<void> write(const std::string& call)
    {
        {
            const std::scoped_lock lock{mutex_};
            if (!write_errors.empty()) {
                const Errc code = write_errors.front();
                write_errors.pop_front();
                return Error{code, "scripted"};
            }
        }
        record(call);
        return {};
    }

    mutable std::mutex mutex_;
    std::vector<std::string> calls_;
    std::vector<LogLine> logged_;
    std::string failure_report_;
};

}  // namespace libra::testing
