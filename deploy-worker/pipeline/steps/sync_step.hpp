#pragma once

#include "deploy-worker/pipeline/step.hpp"
#include "deploy-worker/pipeline/steps/source_limits.hpp"
#include "shared/objects/object_store.hpp"
#include "shared/storage/project_store.hpp"

/// @file Step 2: the project's file tree, stored by digest and laid out on disk.

namespace libra {

class SyncStep final : public Step {
public:
    /// The stores must outlive the step. `limits` are those of the whole tree.
    SyncStep(ProjectStore& projects, ObjectStore& objects, SourceLimits limits);

    StepName name() const override { return StepName::sync; }

    std::string milestone() const override { return "Syncing project files..."; }

    bool needed(const Job& job) const override { return !job.uploaded; }

    std::chrono::milliseconds time_limit() const override { return std::chrono::seconds{120}; }

    /// The tree is the newest earlier source of the project, or else its template, with `initFiles`
    /// laid over it and then the edits of the history applied in order. A lock file kept from the
    /// earlier source is dropped when package.json changes, or another lock file comes, without it.
    ///
    /// User failures: `invalid_edit`, and those of `check_source`.
    Outcome<void> run(Job& job, StepControl& control) override;

private:
    class Unstored;

    Outcome<SourceManifest> base_of(const Job& job, Unstored& unstored, StepControl& control);
    Outcome<SourceManifest> from_template(const Job& job, Unstored& unstored, StepControl& control);
    Outcome<void> merge(Job& job, StepControl& control);
    bool recall(Job& job);
    Outcome<std::string> text_of(const Content& content);
    Outcome<void>
    apply_history(const DeploymentParams& params, SourceManifest& tree, Unstored& unstored);
    Outcome<void> lay_out(const Job& job, const StepControl& control);

    ProjectStore& projects_;
    ObjectStore& objects_;
    SourceLimits limits_;
};

}  // namespace libra
