#include "deploy-worker/diagnosis/explanation.hpp"

#include "deploy-worker/diagnosis/lock_file.hpp"
#include "deploy-worker/diagnosis/module_lookup.hpp"
#include "deploy-worker/diagnosis/sentences.hpp"
#include "shared/wire/package_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace libra {

namespace {

using Details = std::map<std::string, std::string>;

/// The commands that packages bring under another name than their own.
constexpr std::array k_commands{
    std::pair<std::string_view, std::string_view>{"tsc", "typescript"},
    std::pair<std::string_view, std::string_view>{"ng", "@angular/cli"},
    std::pair<std::string_view, std::string_view>{"eleventy", "@11ty/eleventy"},
    std::pair<std::string_view, std::string_view>{"docusaurus", "@docusaurus/core"},
    std::pair<std::string_view, std::string_view>{"react-router", "@react-router/dev"},
    std::pair<std::string_view, std::string_view>{"remix", "@remix-run/dev"},
    std::pair<std::string_view, std::string_view>{"svelte-kit", "@sveltejs/kit"},
    std::pair<std::string_view, std::string_view>{"vue-cli-service", "@vue/cli-service"},
    std::pair<std::string_view, std::string_view>{"qwik", "@builder.io/qwik"},
    std::pair<std::string_view, std::string_view>{"webpack", "webpack-cli"},
    std::pair<std::string_view, std::string_view>{"babel", "@babel/cli"},
    std::pair<std::string_view, std::string_view>{"tailwindcss", "@tailwindcss/cli"},
    std::pair<std::string_view, std::string_view>{"postcss", "postcss-cli"},
    std::pair<std::string_view, std::string_view>{"run-s", "npm-run-all"},
    std::pair<std::string_view, std::string_view>{"run-p", "npm-run-all"},
    std::pair<std::string_view, std::string_view>{"nuxi", "nuxt"},
};

/// Those that bear the name of their package.
constexpr std::array<std::string_view, 26> k_same_name{
    "vite",          "next",          "nuxt",        "astro",        "gatsby",   "vitepress",
    "react-scripts", "parcel",        "rollup",      "esbuild",      "vue-tsc",  "svelte-check",
    "hexo",          "eslint",        "sass",        "cross-env",    "rimraf",   "tsx",
    "ts-node",       "tsup",          "npm-run-all", "concurrently", "prettier", "vinxi",
    "gulp",          "patch-package",
};

std::string mebibytes(std::uint64_t bytes)
{
    return fmt::format("{} MiB", bytes >> 20U);
}

std::string_view install_command(std::string_view manager)
{
    return manager == "pnpm"   ? "pnpm install"
           : manager == "yarn" ? "yarn install"
           : manager == "bun"  ? "bun install"
                               : "npm install";
}

std::string_view add_command(std::string_view manager)
{
    return manager == "pnpm"   ? "pnpm add"
           : manager == "yarn" ? "yarn add"
           : manager == "bun"  ? "bun add"
                               : "npm install";
}

/// What is known without the command's output.
Details general_details(const FailureReport& report, const ProjectView& project)
{
    const std::string lock = find_lock_file(project.tree, project.root).value_or("");
    Details details{
        {"manager", project.manager},
        {"install", std::string{install_command(project.manager)}},
        {"add", std::string{add_command(project.manager)}},
        {"lock", lock.empty() ? "the lock file" : lock},
        {"node", project.node_version},
        {"command", report.command},
    };
    if (report.phase == "tools") {
        details["declared_as"] = "packageManager";
    }
    if (project.memory_bytes > 0) {
        details["memory"] = mebibytes(project.memory_bytes);
        details["heap"] = std::to_string((project.memory_bytes >> 20U) * 3 / 4);
    }
    return details;
}

std::string shown_amount(const std::string& resource, std::int64_t amount)
{
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(amount, 0));
    return resource == "time"                               ? fmt::format("{} s", value / 1000)
           : resource == "processes" || resource == "files" ? std::to_string(value)
                                                            : mebibytes(value);
}

std::string explain_limit(const LimitHit& hit, Details& details)
{
    details["limit"] = shown_amount(hit.resource, hit.limit);
    if (hit.reached) {
        details["reached"] = shown_amount(hit.resource, *hit.reached);
    }
    return hit.resource == "memory"      ? "out_of_memory"
           : hit.resource == "disk"      ? "out_of_disk"
           : hit.resource == "files"     ? "too_many_build_files"
           : hit.resource == "processes" ? "out_of_processes"
                                         : "time_limit";
}

std::string explain_output(const ProjectView& project, Details& details)
{
    if (!project.pages.empty()) {
        details["pages"] = fmt::format("{}", fmt::join(project.pages, ", "));
        details["page"] = project.pages.front();
    }
    details["made"] = fmt::format("{}", fmt::join(project.made, ", "));
    return "wrong_output_directory";
}

std::optional<PackageJson> package_json(const ProjectView& project)
{
    const std::string path = project.root.empty() ? "package.json" : project.root + "/package.json";
    const std::optional<std::string> text = project.read(path);
    if (!text) {
        return std::nullopt;
    }
    auto read = parse_package_json(*text);
    return read.has_value() ? std::optional{*std::move(read)} : std::nullopt;
}

std::string package_bringing(const std::string& tool)
{
    const auto* const known =
        std::find_if(k_commands.begin(), k_commands.end(), [&](const auto& command) {
            return command.first == tool;
        });
    if (known != k_commands.end()) {
        return std::string{known->second};
    }
    const bool same = std::find(k_same_name.begin(), k_same_name.end(), tool) != k_same_name.end();
    return same ? tool : std::string{};
}

std::string explain_command(const ProjectView& project, Details& details)
{
    const std::string package = package_bringing(details["tool"]);
    const auto read = package_json(project);
    const bool own_name = read && read->dependencies.contains(details["tool"]);
    if (package.empty() && !own_name) {
        return "missing_command";
    }
    details["package"] = package.empty() ? details["tool"] : package;
    const bool declared = read && read->dependencies.contains(details["package"]);
    return declared ? "dependency_not_installed" : "missing_dependency";
}

void name_scripts(const ProjectView& project, Details& details)
{
    constexpr std::size_t k_most = 8;
    const auto read = package_json(project);
    if (!read) {
        return;
    }
    std::vector<std::string> names;
    for (const auto& [name, command] : read->scripts) {
        names.push_back(name);
    }
    names.resize(std::min(names.size(), k_most));
    details["scripts"] = fmt::format("{}", fmt::join(names, ", "));
}

/// Which dependencies of package.json the lock file does not have at all.
void name_unlocked(const ProjectView& project, Details& details)
{
    constexpr std::size_t k_most = 5;
    const auto read = package_json(project);
    const std::optional<std::string> text = project.read(details["lock"]);
    const auto locked = text ? read_lock_file(details["lock"], *text) : std::nullopt;
    if (!read || !locked) {
        return;
    }
    std::vector<std::string> missing;
    for (const std::string& name : read->dependencies) {
        if (!locked->contains(name) && missing.size() < k_most) {
            missing.push_back(name);
        }
    }
    if (!missing.empty()) {
        details["unlocked"] = fmt::format("{}", fmt::join(missing, ", "));
    }
}

std::string
explain_error(const RecognizedError& error, const ProjectView& project, Details& details)
{
    if (error.cause == "module_not_found?") {
        const MissingModule missing = look_up_module(error.details, project);
        for (const auto& [name, value] : missing.details) {
            details.insert_or_assign(name, value);
        }
        return missing.cause;
    }
    for (const auto& [name, value] : error.details) {
        const bool path = name == "file" || name == "path" || name == "other";
        details.insert_or_assign(name, path ? tree_path(value, project.root) : value);
    }
    if (details.contains("name") && details.contains("version") && details["package"].empty()) {
        details["package"] = details["name"] + '@' + details["version"];
    }
    // Yarn writes the protocol into it.
    constexpr std::string_view k_protocol{"@npm:"};
    if (const std::size_t at = details["package"].find(k_protocol); at != std::string::npos) {
        details["package"].replace(at, k_protocol.size(), "@");
    }
    if (error.cause == "missing_command") {
        return explain_command(project, details);
    }
    if (error.cause == "missing_script") {
        name_scripts(project, details);
    } else if (error.cause == "lock_file_outdated") {
        name_unlocked(project, details);
    } else if (error.cause == "missing_export" && details["module"].starts_with('/')) {
        details["module"] = tree_path(details["module"], project.root);
    } else if (error.cause == "case_sensitive_import" && details.contains("other")) {
        const bool other_is_there = project.tree.contains(details["other"]);
        details["actual"] = other_is_there ? details["other"] : details["path"];
        details["path"] = other_is_there ? details["path"] : details["other"];
    }
    return error.cause;
}

}  // namespace

void explain(FailureReport& report, const ProjectView& project)
{
    Details details = general_details(report, project);
    std::string cause;
    if (report.limit) {
        cause = explain_limit(*report.limit, details);
    } else if (report.phase == "output") {
        cause = explain_output(project, details);
    } else if (!report.recognized.empty()) {
        cause = explain_error(report.recognized.front(), project, details);
    }
    if (cause.empty()) {
        return;
    }
    report.cause = cause;
    if (std::optional<Explanation> found = sentences_for(cause, details)) {
        report.likely_cause = std::move(found->likely_cause);
        report.fix = std::move(found->fix);
    }
}

}  // namespace libra
