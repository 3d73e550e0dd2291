#pragma once

#include "deploy-worker/sandbox/sandbox_place.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// @file The container runtime, by its command line.

namespace libra {

/// Each call runs one crun command, some 10 to 50 ms. Thread-safe.
class Crun {
public:
    /// `root` is crun's own record of its containers. `mount_to_hide`: see `Cgroups`.
    Crun(std::filesystem::path root, std::optional<std::string> mount_to_hide, Clock& clock);

    /// Makes the container from config.json in the place's directory and starts its first process,
    /// which ends, and everything in the container with it, when `lifeline` is at its end of file.
    Result<void> start(const SandboxPlace& place, int lifeline) const;

    /// The command line that runs the process described by `process_file` in the container. Its
    /// standard streams are the program's; what crun itself has to say goes to `log_file`.
    std::vector<std::string> exec_command(
        const SandboxPlace& place,
        const std::filesystem::path& process_file,
        const std::filesystem::path& log_file
    ) const;

    /// Kills the container's processes and forgets it. Nothing happens if there is none.
    Result<void> remove(const std::string& name) const;

    /// Names of containers that begin with `prefix`.
    std::vector<std::string> names(std::string_view prefix) const;

private:
    std::vector<std::string> command(const std::vector<std::string>& arguments) const;

    std::filesystem::path root_;
    std::optional<std::string> mount_to_hide_;
    Clock& clock_;
};

}  // namespace libra
