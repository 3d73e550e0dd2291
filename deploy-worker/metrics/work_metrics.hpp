#pragma once

#include "deploy-worker/pipeline/work_observer.hpp"
#include "shared/telemetry/series.hpp"

#include <atomic>

/// @file What a worker has done, as numbers for Prometheus.
///
/// Upstream: pipeline, intake, rescuer and mirror. Downstream: shared/telemetry.

namespace libra {

class WorkMetrics final : public WorkObserver {
public:
    /// `metrics` must outlive it, and it must outlive the last `expose`.
    explicit WorkMetrics(Metrics& metrics);

    void attempt_began(const ClaimedDeployment& claim, std::chrono::milliseconds waited) override;
    void step_ended(const StepEnd& end) override;
    void attempt_ended(const AttemptEnd& end) override;
    void refused(ClaimRefusal refusal) override;
    void buried(DeadLetterSource source) override;
    void rescued(RescueKind kind, int number) override;

private:
    void count_end(DeploymentStatus status, std::optional<FailureClass> failure_class = {});

    Counters finished_;
    Histograms durations_;
    Histograms waits_;
    Counters attempts_;
    Histograms steps_;
    Counters retries_;
    Counters dead_letters_;
    Counters lease_losses_;
    Counters rescues_;
    Counters cache_lookups_;
    Counters cache_saved_;
    std::atomic<bool> busy_{false};
};

}  // namespace libra
