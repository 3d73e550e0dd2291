#pragma once

#include "deploy-worker/build/project_files.hpp"
#include "shared/domain/failure.hpp"

#include <string>
#include <string_view>

/// @file Why no build plan can be made, in words for the person who can change it. All of class
/// user.

namespace libra {

/// What helps where a workspace was built as a whole and no site was found.
inline constexpr std::string_view k_workspace_hint{
    "This is a workspace of several packages: set the project's root directory to the one that the "
    "site is made from."};

Failure root_directory_missing(std::string_view directory);
Failure unknown_framework(std::string_view slug);
Failure invalid_package_json(std::string_view problem);
Failure server_only(std::string why);
Failure unsupported_project(std::string why);

/// There is nothing to build, and the directory that was set is not there.
Failure set_output_missing(std::string_view directory);

/// Names directories of the tree that could be the root directory.
Failure no_build_script(const ProjectFiles& tree, std::string_view root_directory);

}  // namespace libra
