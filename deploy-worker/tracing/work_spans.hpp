#pragma once

#include "deploy-worker/pipeline/work_observer.hpp"
#include "shared/base/random.hpp"
#include "shared/tracing/span_sink.hpp"

/// @file An attempt as a span in the trace of its deployment, with its steps below it.
///
/// Upstream: pipeline. Downstream: whoever collects spans.

namespace libra {

/// An attempt whose worker dies has no span; neither has a step that it did not end.
class WorkSpans final : public WorkObserver {
public:
    /// The references must outlive it.
    WorkSpans(SpanSink& spans, Clock& clock, Random& random)
        : spans_{spans}, clock_{clock}, random_{random}
    {
    }

    void attempt_began(const ClaimedDeployment& claim, std::chrono::milliseconds waited) override;
    void step_ended(const StepEnd& end) override;
    void attempt_ended(const AttemptEnd& end) override;

private:
    SpanSink& spans_;
    Clock& clock_;
    Random& random_;
    Span attempt_;  // under way
};

}  // namespace libra
