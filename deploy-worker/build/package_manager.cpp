#include "deploy-worker/build/package_manager.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>

namespace libra {

namespace {

// Each was run with a lock file of its own on Node 20: install, frozen install, build.
constexpr std::string_view k_pnpm_7{"7.33.7"};
constexpr std::string_view k_pnpm_8{"8.15.9"};
constexpr std::string_view k_pnpm_9{"9.15.9"};  // 10 would not run the dependencies' build scripts
constexpr std::string_view k_yarn_1{"1.22.22"};
constexpr std::string_view k_yarn_3{"3.8.7"};
constexpr std::string_view k_yarn_4{"4.9.4"};
constexpr std::string_view k_bun{"1.3.14"};

using Words = std::vector<std::string>;

bool is_berry(const Toolchain& toolchain)
{
    return toolchain.manager == PackageManager::yarn && !toolchain.version.starts_with("1.");
}

/// A `packageManager` that names another tool than the lock file is no reason to stop.
Words environment(const Toolchain& toolchain)
{
    switch (toolchain.manager) {
    case PackageManager::pnpm:
        return {
            "npm_config_package_manager_strict=false",
            "npm_config_manage_package_manager_versions=false"};
    case PackageManager::yarn:
        return {"SKIP_YARN_COREPACK_CHECK=1", "YARN_ENABLE_TELEMETRY=0"};
    case PackageManager::npm:
    case PackageManager::bun:
        break;
    }
    return {};
}

Words install_words(const Toolchain& toolchain)
{
    const bool locked = !toolchain.lock_file.empty();
    switch (toolchain.manager) {
    case PackageManager::pnpm:
        return {
            "pnpm",
            "install",
            locked ? "--frozen-lockfile" : "--no-frozen-lockfile",
            "--prod=false"};
    case PackageManager::yarn:
        if (is_berry(toolchain)) {
            return {"yarn", "install", locked ? "--immutable" : "--no-immutable"};
        }
        return locked ? Words{"yarn", "install", "--frozen-lockfile", "--production=false"}
                      : Words{"yarn", "install", "--production=false"};
    case PackageManager::bun:
        return locked ? Words{"bun", "install", "--frozen-lockfile"} : Words{"bun", "install"};
    case PackageManager::npm:
        break;
    }
    return {"npm", locked ? "ci" : "install", "--include=dev", "--no-audit", "--no-fund"};
}

/// The number after the first `key` that begins a line near the top; 0 if there is none.
int leading_number(std::string_view text, std::string_view key)
{
    constexpr std::size_t k_top_bytes = 4096;
    text = text.substr(0, k_top_bytes);
    const std::size_t at = text.find(key);
    if (at == std::string_view::npos || (at != 0 && text[at - 1] != '\n' && text[at - 1] != ' ')) {
        return 0;
    }
    text.remove_prefix(at + key.size());
    text.remove_prefix(std::min(text.find_first_not_of(" '\""), text.size()));
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace

std::string_view to_string(PackageManager manager) noexcept
{
    switch (manager) {
    case PackageManager::npm:
        return "npm";
    case PackageManager::pnpm:
        return "pnpm";
    case PackageManager::yarn:
        return "yarn";
    case PackageManager::bun:
        return "bun";
    }
    return "unknown";
}

DeclaredManager parse_declared_manager(std::string_view package_manager)
{
    const std::size_t at = package_manager.find('@');
    DeclaredManager declared{.name = std::string{package_manager.substr(0, at)}};
    if (at == std::string_view::npos) {
        return declared;
    }
    std::string_view version = package_manager.substr(at + 1);
    version = version.substr(0, version.find('+'));
    const std::string_view numbers = version.substr(0, version.find('-'));
    constexpr std::size_t k_max_version_bytes = 40;
    const bool exact = std::count(numbers.begin(), numbers.end(), '.') == 2 &&
                       numbers.find_first_not_of("0123456789.") == std::string_view::npos &&
                       numbers.find("..") == std::string_view::npos && numbers.front() != '.' &&
                       numbers.back() != '.' && version.size() <= k_max_version_bytes &&
                       std::all_of(version.begin(), version.end(), [](char c) {
                           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                                  (c >= 'A' && c <= 'Z') || c == '.' || c == '-';
                       });
    if (exact) {
        declared.version = version;
    }
    return declared;
}

std::string version_for_lock(PackageManager manager, std::string_view lock_text)
{
    switch (manager) {
    case PackageManager::npm:
        return {};
    case PackageManager::bun:
        return std::string{k_bun};
    case PackageManager::pnpm: {
        const int format = leading_number(lock_text, "lockfileVersion:");
        return std::string{format == 5 ? k_pnpm_7 : format == 6 ? k_pnpm_8 : k_pnpm_9};
    }
    case PackageManager::yarn:
        break;
    }
    const std::size_t metadata = lock_text.find("\n__metadata:");
    if (metadata == std::string_view::npos) {
        return std::string{k_yarn_1};
    }
    const int format = leading_number(lock_text.substr(metadata), "version:");
    return std::string{format != 0 && format <= 6 ? k_yarn_3 : k_yarn_4};
}

std::optional<Tool> manager_tool(const Toolchain& toolchain)
{
    if (toolchain.manager == PackageManager::npm) {
        return std::nullopt;
    }
    if (toolchain.manager == PackageManager::bun) {
        return bun_tool(toolchain.version);
    }
    const std::string_view name =
        is_berry(toolchain) ? "@yarnpkg/cli-dist" : to_string(toolchain.manager);
    return Tool{.package = std::string{name}, .version = toolchain.version};
}

SandboxCommand install_command(const Toolchain& toolchain)
{
    return {.argv = install_words(toolchain), .environment = environment(toolchain)};
}

SandboxCommand script_command(const Toolchain& toolchain, std::string_view script)
{
    return {
        .argv = {std::string{to_string(toolchain.manager)}, "run", std::string{script}},
        .environment = environment(toolchain),
    };
}

SandboxCommand shell_command(const Toolchain& toolchain, std::string line)
{
    return {.argv = {"sh", "-c", std::move(line)}, .environment = environment(toolchain)};
}

SandboxCommand program_command(const Toolchain& toolchain, std::string_view line)
{
    // Where Yarn makes no node_modules, only it knows where the program is.
    const std::string_view before = is_berry(toolchain) ? "yarn run " : "";
    return shell_command(toolchain, fmt::format("{}{}", before, line));
}

std::string shown(const SandboxCommand& command)
{
    constexpr std::size_t k_fetched = 5;  // sh -c SCRIPT fetch DIRECTORY PACKAGE …
    const Words& argv = command.argv;
    const bool shell = argv.size() > 2 && argv[0] == "sh" && argv[1] == "-c";
    if (shell && argv.size() > k_fetched && argv[3] == "fetch") {
        return fmt::format("npm install --global {}", argv[k_fetched]);
    }
    return shell ? argv[2] : fmt::format("{}", fmt::join(argv, " "));
}

}  // namespace libra
