#pragma once

#include "deploy-worker/cache/cache_store.hpp"
#include "deploy-worker/pipeline/step.hpp"

/// @file Step 6: nothing of the attempt is left behind.

namespace libra {

class CleanupStep final : public Step {
public:
    /// `cache` must outlive the step.
    explicit CleanupStep(CacheStore& cache) : cache_{cache} {}

    StepName name() const override { return StepName::cleanup; }

    std::string milestone() const override { return "Cleaning up resources..."; }

    std::chrono::milliseconds time_limit() const override { return std::chrono::seconds{60}; }

    /// Runs after every attempt, however it ended; also when its output no longer counts. Destroys
    /// the sandbox and removes the attempt's directory.
    Outcome<void> run(Job& job, StepControl& control) override;

private:
    CacheStore& cache_;
};

}  // namespace libra
