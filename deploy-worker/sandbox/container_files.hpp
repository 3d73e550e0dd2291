#pragma once

#include "deploy-worker/sandbox/sandbox.hpp"
#include "deploy-worker/sandbox/sandbox_place.hpp"
#include "deploy-worker/sandbox/uid_range.hpp"
#include "shared/base/result.hpp"

#include <filesystem>
#include <string>

/// @file What the runtime reads: the root directory, config.json and process.json.
///
/// The isolation itself is written down in templates/; here go in the values that differ.

namespace libra {

struct ContainerValues {
    std::filesystem::path root{};
    SandboxLimits limits{};
    uid_t first_uid{};
};

/// In what the runtimes differ.
struct BundleDialect {
    bool namespaces_entered{};  // user and network: the runtime is started in them
    bool recursive_options{};   // it knows `rro` and its kind, for mounts below a mount
};

/// The root of every sandbox: mount points, a made-up /etc, and links into /usr. Read-only inside.
/// Repeating the call is harmless, also while sandboxes run.
Result<void> make_container_root(const std::filesystem::path& root);

/// RLIMIT_NOFILE of a sandbox: 16,384, or the worker's own hard limit if that is lower.
std::uint64_t open_files_limit();

std::string container_config(
    const SandboxPlace& place,
    const ContainerValues& values,
    const BundleDialect& dialect
);

/// The environment of a command: the sandbox's own variables, then `added`, which replace them.
std::vector<std::string> command_environment(const std::vector<std::string>& added);

/// For `exec`, which takes nothing from config.json: user, capabilities and limits are
/// repeated.
std::string process_config(const SandboxCommand& command);

}  // namespace libra
