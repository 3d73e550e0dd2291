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
    PipelinePolicy policy,
    WorkObserver& observer
)
    : store_{store},
      target_{target},
      steps_{std::move(steps)},
      clock_{clock},
      random_{random},
      redactor_{redactor},
      log_{std::move(log)},
      policy_{std::move(policy)},
      observer_{observer}
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
    const Log log = log_.with(
        {{"deployment_id", claim.lease.deployment_id},
         {"project_id", claim.project_id},
         {"request_id", claim.request_id},
         {"attempt", std::to_string(claim.attempt)},
         {"trace_id", claim.trace.trace_id}}
    );
    if (claim.taken_from.empty()) {
        log.info("deployment claimed");
    } else {
        log.warning("deployment taken from a worker that is gone", {{"gone", claim.taken_from}});
    }
    observer_.attempt_began(claim, clock_.utc_now() - claim.accepted_at);
    LeaseKeeper keeper{store_, clock_, log, claim.lease, claimed_at};
    {
        const std::scoped_lock lock{mutex_};
        running_ = &keeper;
        deployment_id_ = claim.lease.deployment_id;
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
         .observer = observer_,
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
    deployment_id_.clear();
    return end;
}

Result<void> Pipeline::remove_stale_trees()
{
    std::error_code failed;
    std::vector<std::filesystem::path> trees;
    for (const auto& entry : std::filesystem::directory_iterator{policy_.work_root, failed}) {
        trees.push_back(entry.path());
    }
    // Asked for after the look: a tree made since is not among them.
    std::string in_use;
    {
        const std::scoped_lock lock{mutex_};
        in_use = deployment_id_ + '-';
    }
    failed.clear();  // there may be no directory yet
    for (const std::filesystem::path& tree : trees) {
        std::error_code error;
        if (!tree.filename().string().starts_with(in_use)) {
            std::filesystem::remove_all(tree, error);
        }
        failed = error ? error : failed;
    }
    return failed ? Error{Errc::unavailable, "work trees: " + failed.message()} : Result<void>{};
}

}  // namespace libra
