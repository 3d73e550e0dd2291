#pragma once

#include "deploy-worker/pipeline/step.hpp"
#include "shared/storage/project_store.hpp"

#include <string>

/// @file Step 1: what was true at admission still holds, and the quota is taken.

namespace libra {

class ValidateStep final : public Step {
public:
    /// `store` must outlive the step.
    ValidateStep(ProjectStore& store, std::string platform_domain);

    StepName name() const override { return StepName::validate; }

    std::string milestone() const override { return "Validating deployment parameters..."; }

    /// What makes a finished release live again was checked when it was accepted, and takes no
    /// quota.
    bool needed(const Job& job) const override { return !reuses_release(job.claim.kind); }

    std::chrono::milliseconds time_limit() const override { return std::chrono::seconds{30}; }

    /// User failures: `project_inactive`, `not_allowed`, `invalid_domain`, `domain_taken`,
    /// `quota_exhausted`.
    Outcome<void> run(Job& job, StepControl& control) override;

private:
    ProjectStore& store_;
    std::string platform_domain_;
};

}  // namespace libra
