#include "deploy-worker/tracing/work_spans.hpp"

#include <utility>

namespace libra {

namespace {

/// The status of a failed span says of which class the failure is, the attribute which it is.
void note_failure(
    Span& span,
    const std::optional<FailureClass>& failure_class,
    const std::string& code
)
{
    span.error = to_string(failure_class.value_or(FailureClass::transient));
    span.attributes.push_back({"error.type", code});
    span.attributes.push_back({"libra.failure_class", span.error});
}

}  // namespace

void WorkSpans::attempt_began(const ClaimedDeployment& claim, std::chrono::milliseconds waited)
{
    attempt_ = {.context = claim.trace};
    if (!spans_.wants(claim.trace)) {
        return;
    }
    attempt_.name = "attempt";
    attempt_.kind = SpanKind::consumer;
    attempt_.began = clock_.now();
    attempt_.attributes = {
        {"messaging.system", "rabbitmq"},
        {"messaging.operation.type", "process"},
        {"messaging.operation.name", "attempt"},
        {"libra.deployment.id", claim.lease.deployment_id},
        {"libra.project.id", claim.project_id},
        {"libra.organization.id", claim.org_id},
        {"libra.deployment.kind", std::string{to_string(claim.kind)}},
        {"libra.request.id", claim.request_id},
        {"libra.attempt", claim.attempt}};
    if (claim.attempt == 1) {
        attempt_.attributes.push_back({"libra.queue_wait_ms", waited.count()});
    }
}

void WorkSpans::step_ended(const StepEnd& end)
{
    if (!spans_.wants(attempt_.context)) {
        return;
    }
    const Instant now = clock_.now();
    Span step{
        .context = span_below(attempt_.context, random_),
        .name = std::string{to_string(end.step)},
        .began = now - end.took,
        .ended = now,
        .attributes = {{"libra.outcome", std::string{to_string(end.outcome)}}}};
    if (end.outcome == StepOutcome::failed) {
        note_failure(step, end.failure_class, end.error_code);
    }
    spans_.take(std::move(step));
}

void WorkSpans::attempt_ended(const AttemptEnd& end)
{
    if (!spans_.wants(attempt_.context)) {
        return;
    }
    attempt_.ended = clock_.now();
    attempt_.attributes.push_back({"libra.outcome", std::string{to_string(end.outcome)}});
    if (!end.error_code.empty()) {
        note_failure(attempt_, end.failure_class, end.error_code);
    } else if (end.outcome == AttemptOutcome::abandoned) {
        attempt_.error = end.lease_lost ? "lease_lost" : "not_written";
    }
    spans_.take(std::move(attempt_));
    attempt_ = {};
}

}  // namespace libra
