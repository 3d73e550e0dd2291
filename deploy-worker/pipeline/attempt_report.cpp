#include "deploy-worker/pipeline/attempt_report.hpp"

#include <string>

namespace libra {

namespace {

LogFields fields_of(const StepFailure& failed)
{
    LogFields fields{
        {"step", std::string{to_string(failed.step)}},
        {"class", std::string{to_string(failed.failure.failure_class)}},
        {"code", failed.failure.code}};
    if (!failed.failure.detail.empty()) {
        fields.push_back({"reason", failed.failure.detail});
    }
    return fields;
}

}  // namespace

void report_end(const Log& log, const std::optional<StepFailure>& failed, StopReason reason)
{
    if (!failed) {
        log.info("deployment completed");
        return;
    }
    const LogFields where{{"step", std::string{to_string(failed->step)}}};
    switch (reason) {
    case StopReason::cancelled:
        log.info("deployment cancelled", where);
        return;
    case StopReason::shutdown:
        log.info("deployment handed back", where);
        return;
    case StopReason::lease_lost:
    case StopReason::none:
        break;
    }
    if (failed->failure.failure_class == FailureClass::transient) {
        log.warning("deployment attempt failed", fields_of(*failed));
    } else {
        log.info("deployment failed", fields_of(*failed));
    }
}

void report_abandoned(const Log& log, const std::optional<StepFailure>& failed, const Error& error)
{
    LogFields fields{{"reason", error.detail}};
    if (failed) {
        fields.push_back({"step", std::string{to_string(failed->step)}});
    }
    log.warning("deployment abandoned", fields);
}

AttemptEnd end_of_attempt(const std::optional<StepFailure>& failed, StopReason reason, bool last)
{
    if (!failed) {
        return {.outcome = AttemptOutcome::completed};
    }
    switch (reason) {
    case StopReason::cancelled:
        return {.outcome = AttemptOutcome::cancelled};
    case StopReason::shutdown:
        return {.outcome = AttemptOutcome::handed_back};
    case StopReason::lease_lost:
        return {.outcome = AttemptOutcome::abandoned};
    case StopReason::none:
        break;
    }
    const FailureClass failure_class = failed->failure.failure_class;
    if (failure_class != FailureClass::transient) {
        return {
            .outcome = AttemptOutcome::failed,
            .failure_class = failure_class,
            .error_code = failed->failure.code};
    }
    if (last) {
        return {
            .outcome = AttemptOutcome::failed,
            .failure_class = FailureClass::exhausted,
            .error_code = failed->failure.code};
    }
    return {.outcome = AttemptOutcome::retry, .error_code = failed->failure.code};
}

}  // namespace libra
