#pragma once

#include "deploy-worker/pipeline/attempt_report.hpp"
#include "deploy-worker/pipeline/deployment_log.hpp"
#include "deploy-worker/pipeline/lease_keeper.hpp"
#include "deploy-worker/pipeline/pipeline.hpp"

#include <functional>
#include <optional>
#include <string>

/// @file One attempt under way: what Pipeline::run does, in its parts.

namespace libra {

/// One thread, but for the keeper it is given.
class Attempt {
public:
    struct Parts {
        WorkStore& store;
        Target& target;
        Clock& clock;
        Random& random;
        const Redactor& redactor;
        const PipelinePolicy& policy;
        LeaseKeeper& keeper;
        WorkObserver& observer;
        Log log;
    };

    Attempt(Parts parts, const ClaimedDeployment& claim);

    /// Makes the job ready. @return what is wrong with the stored deployment.
    std::optional<StepFailure> prepare();

    /// False where an earlier attempt's work is still there.
    bool needs(const Step& step) const { return step.needed(job_); }

    /// @return why the step did not get done.
    std::optional<StepFailure> run(Step& step);

    /// Runs the cleanup step, which no failure of others and no lost lease prevents.
    void clean_up(Step& step);

    /// Writes how it ended.
    JobEnd settle(const std::optional<StepFailure>& failed);

private:
    Result<void> persist(const std::function<Result<void>()>& write);
    Result<void> write_output();
    void say_how_it_ended(const Failure& failure);
    Outcome<void> run_guarded(Step& step, StepControl& control);
    Failure interpret(Failure failure, const Step& step, Instant deadline);
    Result<void> write_end(const std::optional<StepFailure>& failed);
    Result<void> write_failure(const StepFailure& failed);
    /// Whether no attempt follows a transient failure of this one.
    bool last() const;
    void tell_of_step(
        StepName name,
        std::chrono::milliseconds took,
        const std::optional<Failure>& failure
    );
    void tell_of_end(AttemptEnd end);
    FailureNotes notes_of(const Failure& failure) const;

    Parts parts_;
    Job job_;
    UtcTime began_;
    Instant total_deadline_;
    DeploymentLog output_;
};

}  // namespace libra
