#pragma once

#include "deploy-worker/build/build_plan.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/base/result.hpp"
#include "shared/wire/package_json.hpp"

#include <vector>

/// @file Scripts of a project that its package manager runs at every installation.

namespace libra {

/// Of any package: `postinstall`, `prepare`, and so on.
bool has_install_scripts(const PackageJson& package);

/// Commands that run those of the package at the plan's install directory, in the manager's order.
/// They read the project's files, so they have to be run for each tree, also where the dependencies
/// themselves come from a cache.
/// @return an error if `read` failed.
Result<std::vector<SandboxCommand>> own_scripts(const BuildPlan& plan, const ReadSource& read);

}  // namespace libra
