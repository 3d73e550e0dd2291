#include "deploy-worker/cache/dependency_key.hpp"

#include "deploy-worker/cache/key_digest.hpp"
#include "deploy-worker/cache/own_scripts.hpp"
#include "shared/wire/package_json.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace libra {

namespace {

constexpr std::array<std::string_view, 6> k_lock_files{
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
    "bun.lockb",
};

// Read by a package manager, or by the install scripts of packages that many projects have.
constexpr std::array<std::string_view, 16> k_settings{
    "package.json",
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    "pnpm-workspace.yaml",
    ".pnpmfile.cjs",
    "pnpmfile.js",
    "bunfig.toml",
    ".nvmrc",
    ".node-version",
    ".tool-versions",
    ".puppeteerrc.cjs",
    ".puppeteerrc.js",
    ".puppeteerrc.json",
    "puppeteer.config.cjs",
    "puppeteer.config.js",
};

constexpr std::array<std::string_view, 2> k_suffixes{".patch", ".prisma"};
constexpr std::array<std::string_view, 3> k_directories{".yarn", "patches", ".patches"};

template <class List>
bool has(const List& list, std::string_view word)
{
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::string_view name_of(std::string_view path)
{
    return path.substr(path.rfind('/') + 1);
}

bool decides(std::string_view path)
{
    const std::string_view name = name_of(path);
    if (has(k_settings, name) || has(k_lock_files, name) ||
        std::any_of(k_suffixes.begin(), k_suffixes.end(), [&](std::string_view suffix) {
            return name.ends_with(suffix);
        })) {
        return true;
    }
    while (path.find('/') != std::string_view::npos) {
        if (has(k_directories, path.substr(0, path.find('/')))) {
            return true;
        }
        path.remove_prefix(path.find('/') + 1);
    }
    return false;
}

/// Whether the installation may read any file of the project, but for `own_scripts`.
bool reads_the_tree(std::string_view path, const std::string& text, const BuildPlan& plan)
{
    // A directory or an archive of the project, in any manager's words.
    for (const std::string_view scheme : {"\"file:", "'file:", "@file:", " file:", "portal:"}) {
        if (text.find(scheme) != std::string::npos) {
            return true;
        }
    }
    if (name_of(path) != "package.json") {
        return false;
    }
    const auto package = parse_package_json(text);
    if (package.has_error()) {
        return true;
    }
    const std::size_t directory = path.size() - name_of(path).size();
    const bool own = path.substr(0, directory == 0 ? 0 : directory - 1) == plan.install_directory;
    return own ? package->scripts.contains("dependencies") : has_install_scripts(*package);
}

/// Whether a command of the project's own choice does more than install by a package manager.
bool does_more(const SandboxCommand& command)
{
    constexpr std::size_t k_line = 2;  // sh -c LINE
    if (command.argv.size() <= k_line || command.argv.front() != "sh") {
        return false;
    }
    const std::string& line = command.argv[k_line];
    constexpr std::array<std::string_view, 9> k_plain{
        "npm ci",
        "npm install",
        "npm i",
        "pnpm install",
        "pnpm i",
        "yarn install",
        "yarn",
        "bun install",
        "bun i",
    };
    return line.find_first_of(";&|<>()$`\\\n") != std::string::npos ||
           std::none_of(k_plain.begin(), k_plain.end(), [&](std::string_view plain) {
               return line == plain || line.starts_with(std::string{plain} + " -");
           });
}

Result<bool>
any_reads_the_tree(const SourceManifest& tree, const ReadSource& read, const BuildPlan& plan)
{
    for (const auto& [path, blob] : tree) {
        const std::string_view name = name_of(path);
        if (name == "binding.gyp") {
            return true;
        }
        if (name != "package.json" && !has(k_lock_files, name)) {
            continue;
        }
        const auto text = read(path);
        if (text.has_error()) {
            return text.error();
        }
        if (*text && reads_the_tree(path, **text, plan)) {
            return true;
        }
    }
    return false;
}

}  // namespace

Result<std::optional<Digest>> dependency_key(
    const SourceManifest& tree,
    const ReadSource& read,
    const BuildPlan& plan,
    const InstallSurroundings& surroundings
)
{
    if (plan.toolchain.lock_file.empty() || plan.install.empty()) {
        return std::optional<Digest>{};
    }
    Result<bool> whole_tree = any_reads_the_tree(tree, read, plan);
    if (whole_tree.has_error()) {
        return whole_tree.error();
    }
    *whole_tree = *whole_tree || std::any_of(plan.install.begin(), plan.install.end(), does_more);
    KeyDigest key{"dependencies 1"};
    key.add(surroundings.organization);
    const auto scripts = own_scripts(plan, read);
    if (scripts.has_error()) {
        return scripts.error();
    }
    if (!scripts->empty()) {
        key.add(surroundings.project);
    }
    key.add(surroundings.toolchain);
    key.add(surroundings.variables);
    key.add(plan.install_directory);
    add_commands(key, plan.install);
    for (const auto& [path, blob] : tree) {
        if (*whole_tree || decides(path)) {
            key.add(path);
            key.add(blob.digest.hex());
        }
    }
    return std::optional{key.finish()};
}

}  // namespace libra
