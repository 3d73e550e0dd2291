#pragma once

#include "deploy-worker/build/node_versions.hpp"
#include "deploy-worker/cache/cache_store.hpp"
#include "deploy-worker/pipeline/step.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"
#include "deploy-worker/targets/target.hpp"
#include "shared/objects/object_store.hpp"
#include "shared/storage/project_store.hpp"

/// @file Step 3: an isolated environment with the project's files in it.

namespace libra {

class SandboxStep final : public Step {
public:
    /// The references must outlive the step.
    SandboxStep(
        SandboxProvider& provider,
        NodeVersions& node_versions,
        ObjectStore& objects,
        ProjectStore& projects,
        CacheStore& cache,
        Target& target,
        SandboxLimits limits
    );

    StepName name() const override { return StepName::sandbox; }

    std::string milestone() const override { return "Creating sandbox environment..."; }

    bool needed(const Job& job) const override { return !job.uploaded; }

    std::chrono::milliseconds time_limit() const override { return std::chrono::seconds{180}; }

    /// Decides the build plan first: a project without a build gets no sandbox. Neither does one
    /// that was built from the same before, if the target still has that release. A sandbox whose
    /// dependencies are in the cache begins with them. Failures are those of the sandbox, and
    /// transient ones of `NodeVersions`; the plan's are left to the build step.
    Outcome<void> run(Job& job, StepControl& control) override;

private:
    ReadSource reader_of(const Job& job);
    Outcome<void> plan(Job& job, StepControl& control);

    /// Whether a release of an earlier deployment stands for this one's build.
    bool reuse(Job& job, StepControl& control);
    Outcome<void> make_sandbox(Job& job, StepControl& control);

    SandboxProvider& provider_;
    NodeVersions& node_versions_;
    ObjectStore& objects_;
    ProjectStore& projects_;
    CacheStore& cache_;
    Target& target_;
    SandboxLimits limits_;
};

}  // namespace libra
