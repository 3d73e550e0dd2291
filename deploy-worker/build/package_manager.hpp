#pragma once

#include "deploy-worker/sandbox/sandbox.hpp"

#include <string>
#include <string_view>
#include <vector>

/// @file The commands of the package managers, and how one gets into a sandbox that has only npm.

namespace libra {

enum class PackageManager { npm, pnpm, yarn, bun };

std::string_view to_string(PackageManager manager) noexcept;

struct Toolchain {
    PackageManager manager{PackageManager::npm};
    std::string version{};    // to be fetched; empty for npm, which is the sandbox's own
    std::string lock_file{};  // its name; empty when there is none, and versions are open
};

/// `pnpm@9.1.0+sha224.…` → pnpm and 9.1.0. A version that is not exact is left empty.
struct DeclaredManager {
    std::string name{};
    std::string version{};
};

DeclaredManager parse_declared_manager(std::string_view package_manager);

/// The version that reads `lock_text` and runs on Node 18 and later.
std::string version_for_lock(PackageManager manager, std::string_view lock_text);

/// Fetches the tool, where it is not npm, to `$HOME/.libra-tools` (up to 100 MB), then installs the
/// project's dependencies, those for development too. With a lock file nothing but what it says is
/// installed, and a lock file that does not match package.json fails.
std::vector<SandboxCommand> install_commands(const Toolchain& toolchain);

SandboxCommand script_command(const Toolchain& toolchain, std::string_view script);

/// How a command is shown in the build log and in messages: `npm run build`.
std::string shown(const SandboxCommand& command);

}  // namespace libra
