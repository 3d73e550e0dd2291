#pragma once

#include "deploy-worker/build/tool.hpp"
#include "deploy-worker/cache/cache_store.hpp"
#include "deploy-worker/pipeline/step.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"

#include <string>
#include <vector>

/// @file The programs that builds need beyond the sandbox's own, fetched once a host.

namespace libra {

/// One entry a tool. Those that are missing are fetched, each in a sandbox of its own in which
/// there is nothing of any project, so that all organisations may have them. One that cannot be
/// fetched is not among the answer, and the build says why when it tries itself.
///
/// Blocks for as long as that takes. `spec` is the deployment's own sandbox's, without images.
std::vector<CacheEntry> tool_entries(
    CacheStore& cache,
    SandboxProvider& provider,
    const SandboxSpec& spec,
    const std::vector<Tool>& tools,
    StepControl& control
);

}  // namespace libra
