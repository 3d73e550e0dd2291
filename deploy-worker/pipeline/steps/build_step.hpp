#pragma once

#include "deploy-worker/pipeline/step.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"

/// @file Step 4: from the project's files to a finished site.

namespace libra {

class BuildStep final : public Step {
public:
    BuildStep(SandboxLimits limits, std::chrono::milliseconds time_limit)
        : limits_{limits}, time_limit_{time_limit}
    {
    }

    StepName name() const override { return StepName::build; }

    std::string milestone() const override { return "Building project..."; }

    bool needed(const Job& job) const override { return !job.uploaded; }

    std::chrono::milliseconds time_limit() const override { return time_limit_; }

    /// Failures are those of `plan_build`, `run_build` and `finish_artifact`.
    Outcome<void> run(Job& job, StepControl& control) override;

private:
    SandboxLimits limits_;
    std::chrono::milliseconds time_limit_;
};

}  // namespace libra
