#pragma once

#include "deploy-worker/build/package_manager.hpp"
#include "deploy-worker/build/project_files.hpp"
#include "shared/wire/package_json.hpp"

#include <string>
#include <vector>

/// @file Which package manager a project is made with, and where it installs.

namespace libra {

struct ToolchainChoice {
    Toolchain toolchain{};               // without `node`
    std::string install_directory{};     // the workspace's, or the project's own
    PackageJson workspace{};             // of the install directory
    std::string reason{};                // for people: `pnpm-lock.yaml`
    std::vector<std::string> remarks{};  // likewise: what is there and was not gone by, and why
};

/// Looks from `root_directory` upwards: at itself, and at each directory that is a workspace which
/// takes it in. The nearest with a lock file is where dependencies are installed; without one the
/// nearest workspace, else the root directory.
///
/// The package manager is the one whose lock file is there, else the one `packageManager` names,
/// else npm. Its version is the one `packageManager` names exactly, else one that reads the lock
/// file's format; npm is always the sandbox's own.
///
/// `files` are those of the whole tree, `package` is the one of the root directory. Errors of
/// reading are left in `files`.
ToolchainChoice choose_toolchain(
    ProjectFiles& files,
    const std::string& root_directory,
    const PackageJson& package
);

}  // namespace libra
