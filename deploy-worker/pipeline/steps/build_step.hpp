#pragma once

#include "deploy-worker/cache/cache_store.hpp"
#include "deploy-worker/masking/pattern_set.hpp"
#include "deploy-worker/pipeline/step.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/base/secret_box.hpp"
#include "shared/objects/object_store.hpp"
#include "shared/storage/project_store.hpp"

/// @file Step 4: from the project's files to a finished site.

namespace libra {

class BuildStep final : public Step {
public:
    /// The stores, `secrets` and `compressed` must outlive the step; without `secrets` projects
    /// that have some cannot be built. In `compressed` the compressed files of earlier sites are
    /// found.
    BuildStep(
        CacheStore& cache,
        ProjectStore& projects,
        ObjectStore& objects,
        const SecretBox* secrets,
        SandboxLimits limits,
        const SiteLimits& site_limits,
        const BlobStore& compressed,
        std::chrono::milliseconds time_limit
    )
        : cache_{cache},
          projects_{projects},
          objects_{objects},
          secrets_{secrets},
          limits_{limits},
          site_limits_{site_limits},
          compressed_{compressed},
          time_limit_{time_limit}
    {
    }

    StepName name() const override { return StepName::build; }

    std::string milestone() const override { return "Building project..."; }

    bool needed(const Job& job) const override { return !job.uploaded || job.reused; }

    std::chrono::milliseconds time_limit() const override { return time_limit_; }

    /// Failures are those of `plan_build`, `build_variables`, `run_build` and `finish_artifact`,
    /// explained; the explanation is in the log, too.
    Outcome<void> run(Job& job, StepControl& control) override;

private:
    Outcome<void> make_site(Job& job, StepControl& control, PatternSet& secrets);
    Outcome<void>
    build(Job& job, const std::filesystem::path& site, StepControl& control, PatternSet& secrets);

    CacheStore& cache_;
    ProjectStore& projects_;
    ObjectStore& objects_;
    const SecretBox* secrets_;
    SandboxLimits limits_;
    SiteLimits site_limits_;
    const BlobStore& compressed_;
    std::chrono::milliseconds time_limit_;
};

}  // namespace libra
