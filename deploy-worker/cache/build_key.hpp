#pragma once

#include "deploy-worker/build/build_plan.hpp"
#include "shared/base/digest.hpp"
#include "shared/wire/source_manifest.hpp"

#include <string>
#include <vector>

/// @file Which builds of a project make the same site.

namespace libra {

/// What a build depends on besides the project's files and the plan.
struct BuildSurroundings {
    std::string project{};
    std::string toolchain{};               // of the host, as in `InstallSurroundings`
    std::vector<std::string> variables{};  // likewise
};

/// Equal keys mean: the same project, files, plan, variables and toolchain, the platform's own
/// version included. What a build fetches from elsewhere while it runs is in no key.
Digest
build_key(const SourceManifest& tree, const BuildPlan& plan, const BuildSurroundings& surroundings);

}  // namespace libra
