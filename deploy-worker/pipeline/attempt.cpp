#include "deploy-worker/pipeline/attempt.hpp"

#include "shared/base/failpoint.hpp"
#include "shared/wire/build_settings.hpp"
#include "shared/wire/queue_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

namespace libra {

namespace {

constexpr std::size_t index_of(StepName step)
{
    return static_cast<std::size_t>(step);
}

std::chrono::milliseconds since(Clock& clock, Instant start)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock.now() - start);
}

}  // namespace

Attempt::Attempt(Parts parts, const ClaimedDeployment& claim)
    : parts_{std::move(parts)},
      job_{.claim = claim},
      began_{parts_.clock.utc_now()},
      total_deadline_{parts_.clock.now() + parts_.policy.total_limit},
      output_{parts_.store, parts_.clock, parts_.redactor, claim.lease}
{
}

std::optional<StepFailure> Attempt::prepare()
{
    Result<DeploymentParams> params = decode_params(job_.claim.params_json);
    if (params.has_error()) {
        return StepFailure{
            StepName::validate,
            {.failure_class = FailureClass::poison,
             .code = "unreadable_parameters",
             .message = "The stored parameters of this deployment cannot be read.",
             .detail = params.error().detail}};
    }
    job_.params = *std::move(params);
    Result<BuildSettings> settings = decode_build_settings(job_.claim.build_settings_json);
    if (settings.has_error()) {
        return StepFailure{
            StepName::validate,
            {.failure_class = FailureClass::poison,
             .code = "unreadable_settings",
             .message = "The stored build settings of this project cannot be read.",
             .detail = settings.error().detail}};
    }
    job_.settings = *std::move(settings);
    const auto& uploaded = job_.claim.uploaded;
    if (uploaded && parts_.target.has(uploaded->release_name)) {
        job_.uploaded = uploaded;
    } else if (reuses_release(job_.claim.kind)) {
        return StepFailure{
            StepName::deploy,
            {.failure_class = FailureClass::user,
             .code = "release_gone",
             .message = "The release is not kept any more. Deploy its files again."}};
    }
    job_.directory = parts_.policy.work_root /
                     fmt::format("{}-{}", job_.claim.lease.deployment_id, job_.claim.lease.fence);
    std::error_code failed;
    std::filesystem::create_directories(job_.directory, failed);
    if (failed) {
        return StepFailure{
            StepName::validate,
            transient_failure(
                "the preparation of the work tree", {Errc::unavailable, failed.message()}
            )};
    }
    return std::nullopt;
}

/// While the database is away but the lease may still be ours, a write is tried again.
Result<void> Attempt::persist(const std::function<Result<void>()>& write)
{
    Backoff pauses{
        {.base = std::chrono::milliseconds{100}, .cap = std::chrono::seconds{2}}, parts_.random};
    while (true) {
        Result<void> written = write();
        if (written.has_error() && written.error().code == Errc::fenced) {
            parts_.keeper.stop(StopReason::lease_lost);
        }
        const bool again = written.has_error() && written.error().code == Errc::unavailable;
        if (!again || !parts_.keeper.holds()) {
            return written;
        }
        parts_.log.warning("state not written; trying again", {{"reason", written.error().detail}});
        parts_.clock.wait_for(pauses.next(), {});
    }
}

/// Output never holds a deployment that is to end: a store that takes the lease's renewals but not
/// these lines is left alone after a while.
Result<void> Attempt::write_output()
{
    const Instant patience_ends = parts_.clock.now() + k_lease_patience;
    return persist([&]() -> Result<void> {
        Result<void> flushed = output_.flush();
        if (flushed.has_error() && flushed.error().code == Errc::unavailable &&
            parts_.clock.now() >= patience_ends) {
            output_.drop();
            parts_.log.warning("output dropped", {{"reason", flushed.error().detail}});
            return {};
        }
        return flushed;
    });
}

/// A failure with a report has said it already.
void Attempt::say_how_it_ended(const Failure& failure)
{
    switch (parts_.keeper.reason()) {
    case StopReason::cancelled:
        output_.line(OutputStream::out, "Cancelled.");
        return;
    case StopReason::shutdown:
        output_.line(OutputStream::out, "The worker shuts down; another one begins anew.");
        return;
    case StopReason::lease_lost:
        return;
    case StopReason::none:
        break;
    }
    if (!failure.report) {
        output_.line(OutputStream::err, "Failed: " + failure.message);
    }
}

/// Cleanup has to follow whatever a step does, a bug included.
Outcome<void> Attempt::run_guarded(Step& step, StepControl& control)
{
    try {
        return step.run(job_, control);
    } catch (const std::exception& bug) {
        return Failure{
            .failure_class = FailureClass::transient,
            .code = "internal_error",
            .message = "The platform failed in an unexpected way. This is not your doing.",
            .detail = bug.what(),
        };
    }
}

Failure Attempt::interpret(Failure failure, const Step& step, Instant deadline)
{
    const bool late = parts_.clock.now() >= deadline;
    if (failure.failure_class != FailureClass::transient || !late) {
        return failure;
    }
    const auto limit = std::min(step.time_limit(), parts_.policy.total_limit);
    return {
        .failure_class = FailureClass::resource,
        .code = "time_limit",
        .message = fmt::format(
            "The step '{}' was stopped at its time limit ({} s, and {} s for all steps together).",
            to_string(step.name()),
            std::chrono::duration_cast<std::chrono::seconds>(limit).count(),
            std::chrono::duration_cast<std::chrono::seconds>(parts_.policy.total_limit).count()
        ),
        .detail = failure.detail,
    };
}

std::optional<StepFailure> Attempt::run(Step& step)
{
    const StepName name = step.name();
    const Lease& lease = job_.claim.lease;
    const auto begin = [&] { return parts_.store.begin_step(lease, name, step.milestone()); };
    if (const Result<void> begun = persist(begin); begun.has_error()) {
        return StepFailure{name, transient_failure("the start of the step", begun.error())};
    }
    output_.begin(name);
    failpoint(fmt::format("{}.begun", to_string(name)));

    const Instant started = parts_.clock.now();
    StepControl control{
        .output = output_,
        .commands = output_.commands(),
        .clock = parts_.clock,
        .deadline = std::min(started + step.time_limit(), total_deadline_),
        .stop = parts_.keeper.stop_token(),
    };
    std::optional<Failure> failure;
    if (Outcome<void> outcome = run_guarded(step, control); outcome.has_error()) {
        failure = interpret(outcome.error(), step, control.deadline);
    }
    tell_of_step(name, since(parts_.clock, started), failure);

    failpoint(fmt::format("{}.done", to_string(name)));
    if (failure) {
        say_how_it_ended(*failure);
    }
    const Result<void> written = write_output();
    const auto end = [&] {
        return parts_.store.end_step(
            lease, name, failure ? std::optional{failure->message} : std::nullopt
        );
    };
    if (const Result<void> ended = written.has_error() ? written : persist(end);
        ended.has_error() && !failure) {
        failure = transient_failure("the end of the step", ended.error());
    }
    if (failure) {
        if (!failure->report) {
            failure->report =
                FailureReport{.phase = std::string{to_string(name)}, .summary = failure->message};
        }
        return StepFailure{name, *std::move(failure)};
    }
    return std::nullopt;
}

void Attempt::tell_of_step(
    StepName name,
    std::chrono::milliseconds took,
    const std::optional<Failure>& failure
)
{
    job_.durations.at(index_of(name)) = took;
    StepEnd end{.step = name, .took = took};
    if (failure) {
        const bool stopped = parts_.keeper.reason() != StopReason::none;
        end.outcome = stopped ? StepOutcome::stopped : StepOutcome::failed;
        end.failure_class = failure->failure_class;
        end.error_code = failure->code;
    }
    parts_.observer.step_ended(end);
}

void Attempt::clean_up(Step& step)
{
    const Lease& lease = job_.claim.lease;
    const Instant started = parts_.clock.now();
    const auto begin = [&] {
        return parts_.store.begin_step(lease, step.name(), step.milestone());
    };
    const bool remembered = parts_.keeper.holds() && persist(begin).has_value();
    output_.begin(step.name());
    StepControl control{
        .output = output_,
        .commands = output_.commands(),
        .clock = parts_.clock,
        .deadline = started + step.time_limit()};
    failpoint("cleanup.begun");
    const Outcome<void> outcome = run_guarded(step, control);
    failpoint("cleanup.done");
    std::optional<Failure> failure;
    if (outcome.has_error()) {
        failure = outcome.error();
    }
    tell_of_step(step.name(), since(parts_.clock, started), failure);

    std::optional<std::string> error;
    if (failure) {
        parts_.log.error("cleanup left something behind", {{"reason", failure->detail}});
        error = failure->message;
    }
    if (remembered) {
        if (const Result<void> written = write_output(); written.has_error()) {
            parts_.log.warning(
                "output of cleanup not written", {{"reason", written.error().detail}}
            );
        }
        const auto end = [&] { return parts_.store.end_step(lease, step.name(), error); };
        if (const Result<void> ended = persist(end); ended.has_error()) {
            parts_.log.warning("end of cleanup not written", {{"reason", ended.error().detail}});
        }
    }
}

}  // namespace libra
