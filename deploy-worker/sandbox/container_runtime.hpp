#pragma once

#include "deploy-worker/sandbox/cgroups.hpp"
#include "deploy-worker/sandbox/container_files.hpp"
#include "deploy-worker/sandbox/local_config.hpp"
#include "deploy-worker/sandbox/sandbox_place.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// @file What runs the OCI bundle of a sandbox. The bundle is the same for every runtime but for
/// what its class says.

namespace libra {

/// Each call runs a few short commands, some 10 to 100 ms together. Thread-safe.
class ContainerRuntime {
public:
    virtual ~ContainerRuntime() = default;

    /// The program, and what a Debian package of it is called.
    virtual std::string name() const = 0;

    /// What config.json says in its own way for this runtime.
    virtual BundleDialect dialect() const = 0;

    /// Makes the container from config.json in the place's directory and starts its first process,
    /// which ends, and everything in the container with it, when `lifeline` is at its end of file.
    virtual Result<void>
    start(const SandboxPlace& place, const ContainerValues& values, int lifeline) const = 0;

    /// The command line that runs the process described by `process_file` in the container. Its
    /// standard streams are the program's; what the runtime itself has to say goes to `log_file`.
    virtual std::vector<std::string> exec_command(
        const SandboxPlace& place,
        const std::filesystem::path& process_file,
        const std::filesystem::path& log_file
    ) const = 0;

    /// Why the runtime could not run a process, out of its `log_file`; empty if it could.
    virtual std::string exec_problem(const std::filesystem::path& log_file) const = 0;

    /// Kills the container's processes and forgets it. Nothing happens if there is none.
    virtual Result<void> remove(const SandboxPlace& place) const = 0;

    /// Names of containers that begin with `prefix`.
    virtual std::vector<std::string> names(std::string_view prefix) const = 0;
};

/// The entries of the directory `root` that begin with `prefix`.
std::vector<std::string> names_in(const std::filesystem::path& root, std::string_view prefix);

/// The one the configuration names. `cgroups` and `clock` must outlive it.
std::unique_ptr<const ContainerRuntime>
make_runtime(const LocalSandboxConfig& config, const Cgroups& cgroups, Clock& clock);

}  // namespace libra
