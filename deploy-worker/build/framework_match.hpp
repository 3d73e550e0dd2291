#pragma once

#include "deploy-worker/build/frameworks.hpp"
#include "deploy-worker/build/project_files.hpp"
#include "shared/wire/package_json.hpp"

#include <string>
#include <string_view>
#include <vector>

/// @file Which framework a project is made with, and what follows from its files.
///
/// Upstream: the build plan. Downstream: the list of frameworks, and the project's files.

namespace libra {

/// What conditions are asked of. Both must outlive it.
struct Project {
    ProjectFiles& files;
    const PackageJson& package;
};

bool holds(const Condition& condition, const Project& project);

/// Of those of `list` that fit, without those another of them supersedes, the first; nullptr if
/// none fits.
const Framework* find_framework(const std::vector<Framework>& list, const Project& project);

/// `Vite (React)`
std::string shown_name(const Framework& framework, const Project& project);

/// Why it cannot be hosted as it is, for people; empty if nothing is known against it.
std::string refusal_of(const Framework& framework, const Project& project);

/// Where the project itself says that its output is: in a configuration file, or in `script`, the
/// command that makes the site. Below the root directory, most likely first.
std::vector<std::string>
configured_outputs(const Framework& framework, const Project& project, std::string_view script);

}  // namespace libra
