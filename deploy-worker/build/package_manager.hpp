#pragma once

#include "deploy-worker/build/tool.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"

#include <optional>
#include <string>
#include <string_view>

/// @file The commands of the package managers, and what has to be fetched for them.

namespace libra {

enum class PackageManager { npm, pnpm, yarn, bun };

std::string_view to_string(PackageManager manager) noexcept;

/// What turns the project's files into a site. Two builds of equal toolchains and lock files
/// install the same dependencies.
struct Toolchain {
    PackageManager manager{PackageManager::npm};
    std::string version{};    // of the manager, exact; empty: the sandbox's npm, not looked at yet
    std::string lock_file{};  // below the top of the tree; empty: none, and versions are open
    std::string node{};       // version, exact; empty: not looked at yet (`NodeVersions`)

    bool operator==(const Toolchain&) const = default;
};

/// `pnpm@9.1.0+sha224.…` → pnpm and 9.1.0. A version that is not exact is left empty.
struct DeclaredManager {
    std::string name{};
    std::string version{};
};

DeclaredManager parse_declared_manager(std::string_view package_manager);

/// The version that reads `lock_text` and runs on Node 18 and later.
std::string version_for_lock(PackageManager manager, std::string_view lock_text);

/// What is to be fetched for the manager; nothing for npm, which the sandbox has.
std::optional<Tool> manager_tool(const Toolchain& toolchain);

/// Installs the project's dependencies, those for development too. With a lock file nothing but
/// what it says is installed, and a lock file that does not match package.json fails.
SandboxCommand install_command(const Toolchain& toolchain);

SandboxCommand script_command(const Toolchain& toolchain, std::string_view script);

/// A command line of people: for `sh`, which finds the programs of the dependencies too.
SandboxCommand shell_command(const Toolchain& toolchain, std::string line);

/// Runs a program of a dependency, where no script does: `vite build`.
SandboxCommand program_command(const Toolchain& toolchain, std::string_view line);

/// How a command is shown in the build log and in messages: `npm run build`.
std::string shown(const SandboxCommand& command);

}  // namespace libra
