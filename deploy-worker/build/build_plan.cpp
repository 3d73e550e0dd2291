#include "deploy-worker/build/build_plan.hpp"

#include "deploy-worker/build/frameworks.hpp"
#include "shared/wire/package_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace libra {

namespace {

struct LockFile {
    std::string_view name{};
    PackageManager manager{};
};

// Where several are there, the first: a package-lock.json is the one that npm leaves by accident.
constexpr std::array k_lock_files{
    LockFile{"pnpm-lock.yaml", PackageManager::pnpm},
    LockFile{"yarn.lock", PackageManager::yarn},
    LockFile{"bun.lock", PackageManager::bun},
    LockFile{"bun.lockb", PackageManager::bun},
    LockFile{"npm-shrinkwrap.json", PackageManager::npm},
    LockFile{"package-lock.json", PackageManager::npm},
};

constexpr std::array k_managers{
    PackageManager::npm,
    PackageManager::pnpm,
    PackageManager::yarn,
    PackageManager::bun,
};

// For a project of no framework we know, and for one that changed its framework's default.
constexpr std::array<std::string_view, 7> k_usual_outputs{
    "dist",
    "build",
    "out",
    "_site",
    ".output/public",
    "www",
    "public",
};

bool has_file(const SourceManifest& tree, std::string_view path)
{
    return tree.contains(std::string{path});
}

std::optional<PackageManager> manager_named(std::string_view name)
{
    const auto* const found =
        std::find_if(k_managers.begin(), k_managers.end(), [&](PackageManager manager) {
            return to_string(manager) == name;
        });
    return found == k_managers.end() ? std::nullopt : std::optional{*found};
}

const LockFile*
find_lock_file(const SourceManifest& tree, const std::optional<PackageManager>& declared)
{
    const LockFile* first = nullptr;
    for (const LockFile& lock : k_lock_files) {
        if (!has_file(tree, lock.name)) {
            continue;
        }
        if (lock.manager == declared) {
            return &lock;
        }
        first = first == nullptr ? &lock : first;
    }
    return first;
}

Failure user_failure(std::string code, std::string message)
{
    return Failure{
        .failure_class = FailureClass::user,
        .code = std::move(code),
        .message = std::move(message)};
}

Result<Toolchain> choose_toolchain(
    const SourceManifest& tree,
    const ReadSource& read,
    const PackageJson& package,
    std::vector<std::string>& reasons
)
{
    const DeclaredManager declared = parse_declared_manager(package.package_manager);
    const std::optional<PackageManager> named = manager_named(declared.name);
    const LockFile* const lock = find_lock_file(tree, named);
    Toolchain toolchain{.manager = named.value_or(PackageManager::npm)};
    std::string lock_text;
    if (lock != nullptr) {
        toolchain.manager = lock->manager;
        toolchain.lock_file = lock->name;
        const bool version_in_lock =
            lock->manager == PackageManager::pnpm || lock->manager == PackageManager::yarn;
        if (version_in_lock) {
            auto text = read(toolchain.lock_file);
            if (text.has_error()) {
                return text.error();
            }
            lock_text = std::move(*text).value_or("");
        }
    }
    if (toolchain.manager != PackageManager::npm) {
        const bool exact = named == toolchain.manager && !declared.version.empty();
        toolchain.version =
            exact ? declared.version : version_for_lock(toolchain.manager, lock_text);
    }
    const std::string_view source = lock != nullptr ? lock->name
                                    : named         ? "`packageManager` in package.json"
                                                    : "the default, as there is no lock file";
    reasons.push_back(fmt::format(
        "Package manager: {}{}{} ({})",
        to_string(toolchain.manager),
        toolchain.version.empty() ? "" : " ",
        toolchain.version,
        source
    ));
    return toolchain;
}

std::vector<std::string> output_candidates(const SourceManifest& tree, const Framework* framework)
{
    std::vector<std::string> candidates;
    if (framework != nullptr) {
        for (const std::string_view output : framework->outputs) {
            if (!output.empty()) {
                candidates.emplace_back(output);
            }
        }
    }
    for (const std::string_view output : k_usual_outputs) {
        // Many projects keep the page their bundler starts from in public/: it is not the output.
        const bool is_source = output == "public" && has_file(tree, "public/index.html");
        const bool known =
            std::find(candidates.begin(), candidates.end(), output) != candidates.end();
        if (!is_source && !known) {
            candidates.emplace_back(output);
        }
    }
    return candidates;
}

std::string_view choose_script(const PackageJson& package, const Framework* framework)
{
    if (framework != nullptr && package.scripts.contains(std::string{framework->script})) {
        return framework->script;
    }
    return package.scripts.contains("build") ? "build" : "";
}

std::string install_hint(const Toolchain& toolchain)
{
    if (toolchain.lock_file.empty()) {
        return "Check the names and versions of the dependencies in package.json.";
    }
    return fmt::format(
        "If {0} does not match package.json, run `{1} install` in the project and deploy it with "
        "the new {0}.",
        toolchain.lock_file,
        to_string(toolchain.manager)
    );
}

Failure no_build_script(const Framework* framework)
{
    if (framework == nullptr) {
        return user_failure(
            "no_build_script",
            "package.json has no `build` script and there is no index.html beside it. Add a script "
            "named `build` that writes the site to dist/, or an index.html."
        );
    }
    return user_failure(
        "no_build_script",
        fmt::format(
            "package.json has no `build` script, which a {} project needs. Add to its `scripts`: "
            "\"build\": \"{}\".",
            framework->name,
            framework->command
        )
    );
}

}  // namespace

Outcome<BuildPlan> plan_build(
    const SourceManifest& tree,
    const ReadSource& read,
    const BuildSettings& /*settings*/
)
{
    BuildPlan plan;
    Result<std::optional<std::string>> text{std::nullopt};
    if (has_file(tree, "package.json")) {
        text = read("package.json");
    }
    if (text.has_error()) {
        return transient_failure("reading package.json", text.error());
    }
    if (!*text) {
        plan.reasons.emplace_back("No package.json: the files are served as they are.");
        return plan;
    }
    const auto package = parse_package_json(**text);
    if (package.has_error()) {
        return user_failure(
            "invalid_package_json",
            fmt::format("package.json cannot be used: {}.", package.error().detail)
        );
    }

    const Framework* const framework = find_framework(package->dependencies);
    const std::string_view script = choose_script(*package, framework);
    if (script.empty()) {
        if (framework != nullptr || !has_file(tree, "index.html")) {
            return no_build_script(framework);
        }
        plan.reasons.emplace_back(
            "package.json has no `build` script and there is an index.html: the files are served "
            "as they are."
        );
        return plan;
    }

    auto toolchain = choose_toolchain(tree, read, *package, plan.reasons);
    if (toolchain.has_error()) {
        return transient_failure("reading the lock file", toolchain.error());
    }
    if (framework != nullptr) {
        plan.reasons.push_back(fmt::format("Framework: {}", framework->name));
        plan.framework = framework->slug;
        plan.framework_name = framework->name;
        plan.output_hint = framework->output_hint;
        for (const std::string_view directory : framework->caches) {
            if (!directory.empty()) {
                plan.cache_directories.emplace_back(directory);
            }
        }
    }
    plan.needs_build = true;
    if (std::optional<Tool> tool = manager_tool(*toolchain)) {
        plan.tools.push_back(*std::move(tool));
    }
    plan.install = {install_command(*toolchain)};
    plan.build = {script_command(*toolchain, script)};
    const std::vector<std::string> path = tool_paths(plan.tools);
    plan.install.front().path = path;
    plan.build.front().path = path;
    plan.output_candidates = output_candidates(tree, framework);
    plan.install_hint = install_hint(*toolchain);
    plan.toolchain = *std::move(toolchain);
    return plan;
}

}  // namespace libra
