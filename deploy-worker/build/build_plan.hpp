#pragma once

#include "deploy-worker/build/package_manager.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/domain/build_settings.hpp"
#include "shared/domain/failure.hpp"
#include "shared/wire/source_manifest.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file What to run for a project, decided from its files alone.

namespace libra {

struct BuildPlan {
    bool needs_build{};            // false: the tree itself is the site (see plain_site.hpp)
    std::string framework{};       // its slug; empty when none was recognised
    std::string framework_name{};  // for people
    Toolchain toolchain{};
    std::string root_directory{};     // the project's, below /work; empty: the top
    std::string install_directory{};  // the workspace's, below /work; empty: the top
    std::vector<Tool> tools{};  // to be fetched, each at its `tool_directory`, before all else
    std::vector<SandboxCommand> install{};  // in order; each must exit with 0
    std::vector<SandboxCommand> build{};
    std::vector<std::string> cache_directories{};  // where the framework keeps what makes its next
                                                   // build faster; below the root directory
    std::vector<std::string> output_candidates{};  // below /work, most likely first; a segment `*`
                                                   // stands for any one directory
    std::vector<std::string> reasons{};            // for the build log, one decision a line
    std::string install_hint{};                    // what to do if an install command fails
    std::string output_hint{};                     // what to do if no candidate holds a site
};

/// Reads a file of the tree; nothing if it is not there.
using ReadSource = std::function<Result<std::optional<std::string>>(const std::string& path)>;

/// The package manager is the one whose lock file is there, else the one `packageManager` names,
/// else npm. Its version is the one `packageManager` names exactly, else one that reads the lock
/// file's format; npm is always the sandbox's own.
///
/// A tree without package.json needs no build; neither does one whose package.json has no `build`
/// script, uses no framework and has an index.html beside it.
///
/// User failures: `invalid_package_json`, `no_build_script`. Transient: `read` failed.
Outcome<BuildPlan>
plan_build(const SourceManifest& tree, const ReadSource& read, const BuildSettings& settings = {});

}  // namespace libra
