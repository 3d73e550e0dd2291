#pragma once

#include "deploy-worker/build/build_plan.hpp"
#include "shared/base/digest.hpp"
#include "shared/wire/source_manifest.hpp"

#include <optional>
#include <string>
#include <vector>

/// @file Which installations of dependencies may stand for one another.

namespace libra {

/// What an installation depends on besides the project's files and the plan.
struct InstallSurroundings {
    std::string organization{};
    std::string project{};
    std::string toolchain{};  // of the host: versions of Node.js and npm, the platform
    // `name=value`, of a secret what it is sealed as: that says nothing of it, and no two projects
    // have the same
    std::vector<std::string> variables{};
};

/// Equal keys mean that the second installation would leave what the first one left. In the key are
/// the organisation, so that nothing ever passes from one to another; the commands, with the
/// manager's version; and every file that decides: all package.json and lock files, settings and
/// patches of the managers; and the project, where it has scripts of its own that are run at an
/// installation (`own_scripts`). It is the whole tree where another package of the tree has such
/// scripts, a dependency is one of its directories or archives, or its owner has
/// set a command that does more than install.
///
/// @return nothing where no lock file says what will be installed.
Result<std::optional<Digest>> dependency_key(
    const SourceManifest& tree,
    const ReadSource& read,
    const BuildPlan& plan,
    const InstallSurroundings& surroundings
);

}  // namespace libra
