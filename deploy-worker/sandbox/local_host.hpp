#pragma once

#include "deploy-worker/sandbox/cgroups.hpp"
#include "deploy-worker/sandbox/container_runtime.hpp"
#include "deploy-worker/sandbox/local_config.hpp"
#include "deploy-worker/sandbox/sandbox_place.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/base/result.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

/// @file This machine as a place for sandboxes: what all sandboxes of a worker share.

namespace libra {

/// Thread-safe: nothing changes after the constructor.
struct LocalHost {
    /// Looks at the host's cgroup mounts. `clock` must outlive this.
    LocalHost(LocalSandboxConfig with, Clock& time, Log to);

    std::filesystem::path container_root() const { return config.state_directory / "rootfs"; }

    LocalSandboxConfig config;
    std::string prefix;  // of the names of this worker's sandboxes
    Cgroups cgroups;
    std::unique_ptr<const ContainerRuntime> runtime;
    Clock& clock;
    Log log;
};

/// Everything that keeps sandboxes from working here, in words, with what to do; empty if nothing
/// does. Blocks for some milliseconds.
std::vector<std::string> host_problems(const LocalHost& host);

/// Frees whatever exists under the place's name, in whatever state it was left: container,
/// processes, cgroups, network namespace, mount, loop device, directory. Nothing happens if there
/// is nothing.
///
/// Goes on after a failure. @return `unavailable` with all failures.
Result<void> tear_down(const LocalHost& host, const SandboxPlace& place);

/// The names beginning with `prefix` of all sandboxes of which there is anything on the host.
std::vector<std::string> sandbox_names(const LocalHost& host, const std::string& prefix);

}  // namespace libra
