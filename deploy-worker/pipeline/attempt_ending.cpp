#include "deploy-worker/pipeline/attempt.hpp"
#include "deploy-worker/pipeline/job_statistics.hpp"
#include "shared/base/failpoint.hpp"
#include "shared/wire/failure_report.hpp"

#include <fmt/format.h>

namespace libra {

FailureNotes Attempt::notes_of(const Failure& failure) const
{
    return {
        .statistics_json = statistics_json(job_),
        .report_json = failure.report ? encode_failure_report(*failure.report) : std::string{},
    };
}

bool Attempt::last() const
{
    return job_.claim.retry_count + 1 >= k_max_attempts || job_.claim.attempt >= k_max_attempts;
}

Result<void> Attempt::write_failure(const StepFailure& failed)
{
    const Lease& lease = job_.claim.lease;
    switch (parts_.keeper.reason()) {
    case StopReason::cancelled:
        return parts_.store.cancel(lease, failed.step);
    case StopReason::shutdown:
        return parts_.store.hand_back(lease);
    case StopReason::lease_lost:
        return Error{Errc::fenced, "lease lost"};
    case StopReason::none:
        break;
    }
    if (failed.failure.failure_class != FailureClass::transient) {
        return parts_.store.fail(lease, failed.failure, failed.step, notes_of(failed.failure));
    }
    if (last()) {
        Failure exhausted = failed.failure;
        exhausted.failure_class = FailureClass::exhausted;
        exhausted.message += fmt::format(" All {} attempts failed.", k_max_attempts);
        return parts_.store.fail(lease, exhausted, failed.step, notes_of(exhausted));
    }
    const auto delay = backoff_delay(parts_.policy.retry, job_.claim.retry_count, parts_.random);
    return parts_.store.retry_later(lease, failed.failure, failed.step, delay);
}

Result<void> Attempt::write_end(const std::optional<StepFailure>& failed)
{
    if (failed) {
        return write_failure(*failed);
    }
    return parts_.store.complete(
        job_.claim.lease,
        {.url = job_.address->url,
         .preview_url = job_.address->preview_url,
         .statistics_json = statistics_json(job_)}
    );
}

JobEnd Attempt::settle(const std::optional<StepFailure>& failed)
{
    const Result<void> written = parts_.keeper.holds()
                                     ? persist([&] { return write_end(failed); })
                                     : Result<void>{Error{Errc::fenced, "lease lost"}};
    if (written.has_error()) {
        report_abandoned(parts_.log, failed, written.error());
        tell_of_end({.outcome = AttemptOutcome::abandoned});
        return JobEnd::abandoned;
    }
    failpoint("settled");
    report_end(parts_.log, failed, parts_.keeper.reason());
    tell_of_end(end_of_attempt(failed, parts_.keeper.reason(), last()));
    return JobEnd::settled;
}

void Attempt::tell_of_end(AttemptEnd end)
{
    end.lease_lost = !parts_.keeper.holds();
    end.since_accepted = parts_.clock.utc_now() - job_.claim.accepted_at;
    end.lookups = cache_lookups(job_, began_);
    parts_.observer.attempt_ended(end);
}

}  // namespace libra
