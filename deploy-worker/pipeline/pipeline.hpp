#pragma once

#include "deploy-worker/pipeline/lease_keeper.hpp"
#include "deploy-worker/pipeline/step.hpp"
#include "deploy-worker/pipeline/work_observer.hpp"
#include "deploy-worker/targets/target.hpp"
#include "shared/base/backoff.hpp"
#include "shared/base/log.hpp"
#include "shared/base/secrets.hpp"
#include "shared/storage/work_store.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

/// @file Drives one claimed deployment through the six steps to the end of its lease.
///
/// Upstream: intake. Downstream: the steps, and WorkStore for everything that is to be remembered.

namespace libra {

struct PipelinePolicy {
    std::filesystem::path work_root{};               // of this worker alone
    std::chrono::milliseconds total_limit{600'000};  // of one attempt, cleanup not counted
    BackoffPolicy retry{
        .base = std::chrono::seconds{5},
        .factor = 4,
        .cap = std::chrono::minutes{10}};
};

enum class JobEnd {
    settled,    // what follows is in the store; the message can be acknowledged
    abandoned,  // the lease or the store is gone; the message has to come again
};

class Pipeline {
public:
    /// `steps` are all six, in the order of k_steps. The references must outlive the pipeline.
    Pipeline(
        WorkStore& store,
        Target& target,
        std::vector<std::unique_ptr<Step>> steps,
        Clock& clock,
        Random& random,
        const Redactor& redactor,
        Log log,
        PipelinePolicy policy,
        WorkObserver& observer = no_observer()
    );

    /// Blocks until the attempt has ended and everything it made on this machine is gone. One
    /// deployment at a time. `claimed_at` is when the claim was sent; its trace has become the span
    /// of this attempt.
    JobEnd run(const ClaimedDeployment& claim, Instant claimed_at);

    /// Stops the running attempt, if there is one, and has it handed back. Any thread; returns at
    /// once.
    void interrupt();

    /// Removes the work trees of attempts that could not clean up; not those of the deployment
    /// under way. Any thread, any time. Blocks for as long as that takes. Goes on after a failure.
    /// @return `unavailable` if something of them stays.
    Result<void> remove_stale_trees();

private:
    WorkStore& store_;
    Target& target_;
    std::vector<std::unique_ptr<Step>> steps_;
    Clock& clock_;
    Random& random_;
    const Redactor& redactor_;
    Log log_;
    PipelinePolicy policy_;
    WorkObserver& observer_;
    std::mutex mutex_;
    LeaseKeeper* running_{nullptr};  // of the attempt under way; guarded by mutex_
    std::string deployment_id_;      // of the same; guarded by mutex_
    bool interrupted_{false};
};

}  // namespace libra
