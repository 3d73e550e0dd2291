#pragma once

#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/domain/failure.hpp"
#include "shared/wire/source_manifest.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file What to run for a project, decided from its files alone.

namespace libra {

enum class PackageManager { npm, pnpm, yarn, bun };

std::string_view to_string(PackageManager manager) noexcept;

struct BuildPlan {
    bool needs_build{};  // false: the tree itself is the site (no package.json)
    PackageManager manager{PackageManager::npm};
    std::vector<SandboxCommand> install{};  // in order; each must exit with 0
    std::vector<SandboxCommand> build{};
    std::vector<std::string> output_candidates{};  // below /work, most likely first
    std::vector<std::string> reasons{};            // for the build log, one decision a line
};

/// Reads a file of the tree; nothing if it is not there.
using ReadSource = std::function<Result<std::optional<std::string>>(const std::string& path)>;

/// The package manager is the one whose lock file is there, else the one `packageManager` names,
/// else npm. A user failure says what in package.json is wrong (not JSON, no `build` script, …).
Outcome<BuildPlan> plan_build(const SourceManifest& tree, const ReadSource& read);

}  // namespace libra
