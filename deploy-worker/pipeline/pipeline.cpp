#include "deploy-worker/pipeline/pipeline.hpp"

#include "deploy-worker/pipeline/attempt.hpp"

#include <optional>
#include <utility>

namespace libra {

Pipeline::Pipeline(
    WorkStore& store,
    Target& target,
    std::vector<std::unique_ptr<Step>> steps,
    Clock& clock,
    Random& random,
    const Redactor& redactor,
    Log log,
    PipelinePolicy policy
)
    : store_{store},
      target_{target},
      steps_{std::move(steps)},
      clock_{clock},
      random_{random},
      redactor_{redactor},
      log_{std::move(log)},
      policy_{std::move(policy)}
{
}

void Pipeline::interrupt()
{
    const std::scoped_lock lock{mutex_};
    interrupted_ = true;
    if (running_ != nullptr) {
        running_->stop(StopReason::shutdown);
    }
}

JobEnd Pipeline::run(const ClaimedDeployment& claim, Instant claimed_at)
{
    const Log log =
        log_.with({{"deployment_id", claim.lease.deployment_id}, {"request_id", claim.request_id}});
    log.info("deployment claimed", {{"attempt", std::to_string(claim.attempt)}});
    LeaseKeeper keeper{store_, clock_, log, claim.lease, claimed_at};
    {
        const std::scoped_lock lock{mutex_};
        running_ = &keeper;
        if (interrupted_) {
            keeper.stop(StopReason::shutdown);
        }
    }

    Attempt attempt{
        {.store = store_,
         .target = target_,
         .clock = clock_,
         .random = random_,
         .redactor = redactor_,
         .policy = policy_,
         .keeper = keeper,
         .log = log},
        claim};
    std::optional<StepFailure> failed = attempt.prepare();
    for (const std::unique_ptr<Step>& step : steps_) {
        if (step->name() == StepName::cleanup) {
            attempt.clean_up(*step);
        } else if (keeper.reason() != StopReason::none && !failed) {
            failed = StepFailure{step->name(), {.code = "stopped"}};
        } else if (!failed && attempt.needs(*step)) {
            failed = attempt.run(*step);
        }
    }
    const JobEnd end = attempt.settle(failed);

    const std::scoped_lock lock{mutex_};
    running_ = nullptr;
    return end;
}

}  // namespace libra
