#pragma once

#include "deploy-worker/pipeline/work_observer.hpp"

namespace libra {

/// Tells two, one after the other.
class BothObservers final : public WorkObserver {
public:
    /// Both must outlive it.
    BothObservers(WorkObserver& first, WorkObserver& second) : first_{first}, second_{second} {}

    void attempt_began(const ClaimedDeployment& claim, std::chrono::milliseconds waited) override
    {
        first_.attempt_began(claim, waited);
        second_.attempt_began(claim, waited);
    }

    void step_ended(const StepEnd& end) override
    {
        first_.step_ended(end);
        second_.step_ended(end);
    }

    void attempt_ended(const AttemptEnd& end) override
    {
        first_.attempt_ended(end);
        second_.attempt_ended(end);
    }

    void refused(ClaimRefusal refusal) override
    {
        first_.refused(refusal);
        second_.refused(refusal);
    }

    void buried(DeadLetterSource source) override
    {
        first_.buried(source);
        second_.buried(source);
    }

    void rescued(RescueKind kind, int number) override
    {
        first_.rescued(kind, number);
        second_.rescued(kind, number);
    }

private:
    WorkObserver& first_;
    WorkObserver& second_;
};

}  // namespace libra
