#include "deploy-worker/metrics/work_metrics.hpp"

#include <array>
#include <string>
#include <utility>

namespace libra {

namespace {

const std::string k_no_class{"none"};
const std::string k_deployment{"deployment"};
const std::string k_attempt{"attempt"};

constexpr std::array k_caches{
    CacheName::site,
    CacheName::dependencies,
    CacheName::downloads,
    CacheName::frameworks,
    CacheName::tools};

/// Of a whole deployment, and of waiting for one.
std::vector<double> long_bounds_s()
{
    return {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800};
}

std::vector<double> step_bounds_s()
{
    return {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300};
}

LabelRows end_rows()
{
    return {
        {"completed", k_no_class},
        {"cancelled", k_no_class},
        {"failed", "user"},
        {"failed", "resource"},
        {"failed", "poison"},
        {"failed", "exhausted"}};
}

LabelRows step_rows()
{
    LabelRows rows;
    for (const StepName step : k_steps) {
        for (const auto outcome :
             {StepOutcome::completed, StepOutcome::failed, StepOutcome::stopped}) {
            rows.push_back({std::string{to_string(step)}, std::string{to_string(outcome)}});
        }
    }
    return rows;
}

LabelRows cache_rows(const std::vector<std::string>& results)
{
    LabelRows rows;
    for (const CacheName cache : k_caches) {
        for (const std::string& result : results) {
            rows.push_back({std::string{to_string(cache)}, result});
        }
    }
    return rows;
}

LabelRows cache_names()
{
    LabelRows rows;
    for (const CacheName cache : k_caches) {
        rows.push_back({std::string{to_string(cache)}});
    }
    return rows;
}

}  // namespace

WorkMetrics::WorkMetrics(Metrics& metrics)
    : finished_(
          metrics,
          "libra_deployments_finished_total",
          "Deployments that a worker brought to their end, and why they failed.",
          {"status", "class"},
          end_rows()
      ),
      durations_{
          metrics,
          "libra_deployment_duration_seconds",
          "Time from a deployment's acceptance to its end, waiting and retries included.",
          long_bounds_s(),
          {"status"},
          {{"completed"}, {"failed"}, {"cancelled"}}},
      waits_{
          metrics,
          "libra_deployment_queue_wait_seconds",
          "Time from a deployment's acceptance to its first attempt.",
          long_bounds_s()},
      attempts_{
          metrics,
          "libra_deployment_attempts_total",
          "Attempts at deployments, by how they ended.",
          {"outcome"},
          {{"completed"}, {"failed"}, {"cancelled"}, {"retry"}, {"handed_back"}, {"abandoned"}}},
      steps_{
          metrics,
          "libra_step_duration_seconds",
          "How long the steps of deployments took; stopped: cancelled, shut down or lost.",
          step_bounds_s(),
          {"step", "outcome"},
          step_rows()},
      retries_{
          metrics,
          "libra_retries_total",
          "Attempts that failed for a passing reason and are followed by another."},
      dead_letters_{
          metrics,
          "libra_dead_letters_total",
          "Dead letters written, by what they came from.",
          {"source"},
          {{k_deployment}, {"message"}, {"broker"}}},
      lease_losses_{
          metrics,
          "libra_lease_losses_total",
          "Attempts whose worker lost the right to write while it worked."},
      rescues_{
          metrics,
          "libra_rescues_total",
          "What was put right after something got lost on the way; attempt: taken from a worker "
          "that is gone.",
          {"kind"},
          {{"message"}, {"slot"}, {"site"}, {"name"}, {k_attempt}}},
      cache_lookups_{
          metrics,
          "libra_cache_lookups_total",
          "What builds looked for among what earlier ones left.",
          {"cache", "result"},
          cache_rows({"hit", "miss"})},
      cache_saved_{
          metrics,
          "libra_cache_seconds_saved_total",
          "What making it had taken, of what builds found in a cache.",
          {"cache"},
          cache_names()}
{
    metrics.follow("libra_worker_busy", "1 while the worker is at a deployment.", [this] {
        return busy_ ? 1.0 : 0.0;
    });
}

void WorkMetrics::attempt_began(const ClaimedDeployment& claim, std::chrono::milliseconds waited)
{
    busy_ = true;
    if (claim.attempt == 1) {
        waits_.observe(waited);
    }
    if (!claim.taken_from.empty()) {
        rescues_.add({k_attempt});
    }
}

void WorkMetrics::step_ended(const StepEnd& end)
{
    steps_.observe(
        end.took, {std::string{to_string(end.step)}, std::string{to_string(end.outcome)}}
    );
}

void WorkMetrics::count_end(DeploymentStatus status, std::optional<FailureClass> failure_class)
{
    finished_.add(
        {std::string{to_string(status)},
         failure_class ? std::string{to_string(*failure_class)} : k_no_class}
    );
    if (failure_class == FailureClass::exhausted || failure_class == FailureClass::poison) {
        dead_letters_.add({k_deployment});
    }
}

void WorkMetrics::attempt_ended(const AttemptEnd& end)
{
    busy_ = false;
    attempts_.add({std::string{to_string(end.outcome)}});
    if (end.lease_lost) {
        lease_losses_.add();
    }
    for (const CacheLookup& lookup : end.lookups) {
        const std::string cache{to_string(lookup.cache)};
        cache_lookups_.add({cache, lookup.hit ? "hit" : "miss"});
        cache_saved_.add({cache}, std::chrono::duration<double>{lookup.saved}.count());
    }
    switch (end.outcome) {
    case AttemptOutcome::completed:
        count_end(DeploymentStatus::completed);
        durations_.observe(end.since_accepted, {"completed"});
        return;
    case AttemptOutcome::failed:
        count_end(DeploymentStatus::failed, end.failure_class);
        durations_.observe(end.since_accepted, {"failed"});
        return;
    case AttemptOutcome::cancelled:
        count_end(DeploymentStatus::cancelled);
        durations_.observe(end.since_accepted, {"cancelled"});
        return;
    case AttemptOutcome::retry:
        retries_.add();
        return;
    case AttemptOutcome::handed_back:
    case AttemptOutcome::abandoned:
        return;
    }
}

void WorkMetrics::refused(ClaimRefusal refusal)
{
    if (refusal == ClaimRefusal::cancelled) {
        count_end(DeploymentStatus::cancelled);
    } else if (refusal == ClaimRefusal::exhausted) {
        count_end(DeploymentStatus::failed, FailureClass::exhausted);
    } else if (refusal == ClaimRefusal::completed) {
        count_end(DeploymentStatus::completed);
    }
}

void WorkMetrics::buried(DeadLetterSource source)
{
    dead_letters_.add({std::string{to_string(source)}});
}

void WorkMetrics::rescued(RescueKind kind, int number)
{
    rescues_.add({std::string{to_string(kind)}}, number);
}

}  // namespace libra
