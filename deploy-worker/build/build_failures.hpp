#pragma once

#include "deploy-worker/build/build_plan.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/base/result.hpp"
#include "shared/domain/failure.hpp"

#include <string>
#include <string_view>

/// @file Why a build that was begun made no site, in words for its user.

namespace libra {

enum class BuildPhase { fetch, install, build };

/// As a report names it: `tools`, `install`, `build`.
std::string_view to_string(BuildPhase phase);

/// What a failed call of the sandbox means, whichever call it was; `what` is what it was for.
Failure sandbox_failure(std::string_view what, const Error& error);

/// A command ended with another code than 0. The limit that was hit is named, of class resource;
/// else it is the user's. `report` has the command and its first errors.
Failure exit_failure(
    const BuildPlan& plan,
    const SandboxLimits& limits,
    BuildPhase phase,
    const CommandExit& exit,
    FailureReport report
);

/// `short_of_processes`: a sentence, if the build was refused some.
Failure output_missing(const BuildPlan& plan, const std::string& short_of_processes);

/// `directory` was found and could not be copied out whole.
Failure collect_failure(
    const std::string& directory,
    const Sandbox::CollectLimits& limits,
    const Error& error
);

}  // namespace libra
