#pragma once

#include "deploy-worker/build/project_files.hpp"
#include "shared/wire/package_json.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file Which packages belong to a workspace, and so where a package is installed.

namespace libra {

/// A directory and those above it, nearest first; the last is the top, which is empty.
std::vector<std::string> directory_and_above(std::string_view directory);

/// The patterns of its packages, from package.json and pnpm-workspace.yaml; nothing where
/// `directory`, whose package.json is `package`, is no workspace. `files` are those of the whole
/// tree.
std::optional<std::vector<std::string>>
workspace_patterns(ProjectFiles& files, const std::string& directory, const PackageJson& package);

/// Whether the directory `path`, seen from the workspace, is one of its packages. Of the patterns
/// that fit the last counts, and `!` takes out. One of a kind that nobody here understands is taken
/// to fit.
bool takes_in(const std::vector<std::string>& patterns, std::string_view path);

/// A directory that dependencies may be installed in.
struct InstallPlace {
    std::string directory{};
    PackageJson package{};
    bool workspace{};
};

/// `root_directory`, whose package.json is `package`, and the workspaces above that take it in,
/// nearest first. Adds to `remarks`, for people, which ones do not.
std::vector<InstallPlace> install_places(
    ProjectFiles& files,
    const std::string& root_directory,
    const PackageJson& package,
    std::vector<std::string>& remarks
);

}  // namespace libra
