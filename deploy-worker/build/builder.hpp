#pragma once

#include "deploy-worker/build/build_environment.hpp"
#include "deploy-worker/build/build_plan.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/domain/failure.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>

/// @file Runs a plan in a sandbox and brings the output out of it.

namespace libra {

struct BuildStatistics {
    std::chrono::milliseconds install{};
    std::chrono::milliseconds build{};
    std::uint64_t peak_memory_bytes{};
    std::string output_directory{};  // below /work
};

struct BuildLimits {
    SandboxLimits sandbox{};          // as it was made, to be named where they are hit
    Sandbox::CollectLimits output{};  // of what is brought out
};

/// What a build does about its dependencies besides running the plan's commands.
struct Dependencies {
    bool present{};  // in the sandbox already: the install commands are left out
    std::vector<SandboxCommand> scripts{};  // run in place of the install commands then
    bool tools_present{};                   // so are the plan's tools, which need not be fetched

    /// Called once the install commands have all succeeded, with the time they took. An error is
    /// the sandbox's and ends the build.
    std::function<Result<void>(std::chrono::milliseconds)> installed{};
};

/// Where a build's lines go.
struct BuildOutput {
    LineSink& platform;  // what is run, and what was found
    LineSink& commands;  // what that prints
};

/// Installs, builds, finds the output directory and copies it into the empty host directory `into`.
/// The project's tree is already in the sandbox. Blocks until it is done; one thread.
///
/// Failures, all with a message fit for the user: `install_failed`, `build_failed` (exit code and
/// the command), `output_missing` (what was looked for), `output_rejected` (a link or special
/// file), `output_too_large` are of class user; `out_of_memory`, `out_of_disk`, `out_of_processes`
/// and `time_limit` of class resource, with the limit and the peak. A sandbox that failed by itself
/// is transient. When `stop` is requested the failure's code is `stopped`, and the caller knows
/// why.
///
/// No secret of the environment comes out through `output` or a failure; the output directory is
/// not looked at.
Outcome<BuildStatistics> run_build(
    Sandbox& sandbox,
    const BuildPlan& plan,
    const BuildEnvironment& environment,
    const BuildLimits& limits,
    const std::filesystem::path& into,
    BuildOutput output,
    Instant deadline,
    std::stop_token stop,
    const Dependencies& dependencies = {}
);

}  // namespace libra
