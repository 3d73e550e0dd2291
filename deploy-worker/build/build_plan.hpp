#pragma once

#include "deploy-worker/build/node_wish.hpp"
#include "deploy-worker/build/package_manager.hpp"
#include "deploy-worker/build/project_files.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/domain/build_settings.hpp"
#include "shared/domain/failure.hpp"
#include "shared/wire/source_manifest.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file What to run for a project: what its owner has set, and for the rest what its files show.

namespace libra {

struct BuildPlan {
    bool needs_build{};            // false: the tree itself is the site (see plain_site.hpp)
    std::string site_directory{};  // of that site, below the tree; empty: all of it
    std::string framework{};       // its slug; empty when none was recognised
    std::string framework_name{};  // for people
    Toolchain toolchain{};
    std::optional<NodeWish> node_wish{};  // what `toolchain.node` is found by
    std::string root_directory{};         // the project's, below /work; empty: the top
    std::string install_directory{};      // the workspace's, below /work; empty: the top
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

/// Why there is no plan.
struct NoPlan {
    Failure failure{};
    BuildPlan decided{};  // as far as it came
};

using Planned = boost::system::result<BuildPlan, NoPlan>;

/// Lets `Planned::value()` throw. Found by argument-dependent lookup from Boost.System.
[[noreturn]] void
throw_exception_from_error(const NoPlan& none, const boost::source_location& where);

/// Settings win over files. What is left open is found below the root directory: the framework by
/// the list of frameworks, the package manager by `choose_toolchain`.
///
/// A tree without package.json needs no build; neither does one whose package.json has no script
/// for it, uses no framework and has an index.html beside it.
///
/// User failures: `root_directory_missing`, `unknown_framework`, `invalid_package_json`,
/// `no_build_script`, `output_missing`; `server_only` for a project that only a running program
/// can serve, and `unsupported_project` for one that is not for Node. The last two are left to what
/// the build shows where a build command or an output directory is set. Transient: `read` failed.
Planned
plan_build(const SourceManifest& tree, const ReadSource& read, const BuildSettings& settings = {});

/// Puts `tools` before those of the plan, and on the path of its commands.
void add_tools(BuildPlan& plan, const std::vector<Tool>& tools);

}  // namespace libra
