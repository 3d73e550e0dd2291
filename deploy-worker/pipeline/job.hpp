#pragma once

#include "deploy-worker/build/artifact.hpp"
#include "deploy-worker/build/build_plan.hpp"
#include "deploy-worker/build/builder.hpp"
#include "deploy-worker/cache/cache_store.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"
#include "deploy-worker/targets/target.hpp"
#include "shared/domain/deployment.hpp"
#include "shared/storage/project_store.hpp"
#include "shared/storage/work_store.hpp"
#include "shared/wire/source_manifest.hpp"

#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

/// @file One attempt at one deployment, as the steps pass it along.

namespace libra {

/// What a build has to do with the cache of dependencies.
struct DependencyUse {
    enum class Outcome { off, miss, hit };  // off: no lock file, or nowhere to keep anything

    Outcome outcome{Outcome::off};
    std::optional<Digest> key{};            // unless off
    std::vector<SandboxCommand> scripts{};  // hit: of the project's own, to be run all the same
    std::optional<CacheEntry> entry{};      // hit: kept while the sandbox uses it
    std::optional<CacheDraft> draft{};      // miss: where the sandbox leaves them when it ends
    std::chrono::milliseconds cost{};       // of the installation
};

/// Each member is filled by the step named beside it and read by later ones. One thread.
struct Job {
    ClaimedDeployment claim{};
    DeploymentParams params{};
    std::filesystem::path directory{};  // of this attempt alone; removed by cleanup
    // Set before the first step when an earlier attempt got so far, else by deploy.
    std::optional<UploadedArtifact> uploaded{};
    SourceManifest source{};                  // sync
    std::filesystem::path tree{};             // sync: the files on disk
    BuildSettings settings{};                 // before the first step
    std::optional<Planned> plan{};            // sandbox; a failure is build's to report
    std::optional<ReusableBuild> reused{};    // sandbox: in place of sandbox and build
    std::vector<StoredVariable> variables{};  // sandbox, where the plan needs one
    DependencyUse dependencies{};             // sandbox
    std::vector<CacheEntry> downloads{};      // sandbox: earlier installations, see find_downloads
    std::vector<CacheEntry> tools{};          // sandbox: those it begins with
    bool framework_cache{};                   // build: whether it began with one
    std::unique_ptr<Sandbox> sandbox{};       // sandbox, where the plan needs one
    std::optional<BuildStatistics> build{};   // build, where something ran
    std::optional<Artifact> artifact{};       // build
    std::optional<ReleaseAddress> address{};  // deploy
    std::array<std::chrono::milliseconds, k_steps.size()> durations{};  // the pipeline
};

}  // namespace libra
