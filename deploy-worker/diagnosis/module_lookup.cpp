#include "deploy-worker/diagnosis/module_lookup.hpp"

#include "shared/domain/rules.hpp"
#include "shared/wire/package_json.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace libra {

namespace {

constexpr std::string_view k_work{"/work/"};

// What bundlers and Node try when an import names no file.
constexpr std::array<std::string_view, 18> k_endings{
    "",
    ".js",
    ".jsx",
    ".ts",
    ".tsx",
    ".mjs",
    ".cjs",
    ".mts",
    ".cts",
    ".d.ts",
    ".vue",
    ".svelte",
    ".astro",
    ".json",
    ".css",
    ".scss",
    ".sass",
    ".less",
};

constexpr std::array<std::string_view, 30> k_node_builtins{
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "constants",
    "crypto",
    "dgram",
    "dns",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "querystring",
    "readline",
    "stream",
    "string_decoder",
    "timers",
    "tls",
    "url",
    "util",
    "worker_threads",
    "zlib",
};

std::string normal(const std::string& path)
{
    std::string text = std::filesystem::path{path}.lexically_normal().generic_string();
    while (text.ends_with('/')) {
        text.pop_back();
    }
    return text == "." ? std::string{} : text;
}

std::string parent_of(const std::string& path)
{
    return std::filesystem::path{path}.parent_path().generic_string();
}

std::string joined(const std::string& directory, std::string_view path)
{
    return normal(directory.empty() ? std::string{path} : directory + '/' + std::string{path});
}

std::string stem_of(std::string_view path)
{
    const std::string_view name = path.substr(path.rfind('/') + 1);
    return path_fold(name.substr(0, name.find('.', 1)));
}

std::string without_script_ending(const std::string& path)
{
    for (const std::string_view ending : {".js", ".jsx", ".mjs", ".cjs"}) {
        if (path.ends_with(ending)) {
            return path.substr(0, path.size() - ending.size());
        }
    }
    return path;
}

/// `left` and `right` lie in the same directory or in different ones and have alike names.
std::optional<std::string> alike_elsewhere(const SourceManifest& tree, const std::string& target)
{
    const std::string stem = stem_of(target);
    std::optional<std::string> found;
    for (const auto& [path, blob] : tree) {
        if (stem_of(path) != stem || stem == "index") {
            continue;
        }
        if (found) {
            return std::nullopt;  // several: none of them is the one
        }
        found = path;
    }
    return found;
}

/// The paths under which a file imported as `target` could be there, folded.
std::set<std::string> folded_candidates(const std::string& target)
{
    std::set<std::string> folded;
    for (const std::string& base : {target, without_script_ending(target)}) {
        for (const std::string_view ending : k_endings) {
            folded.insert(path_fold(base + std::string{ending}));
            folded.insert(path_fold(base + "/index" + std::string{ending}));
        }
    }
    return folded;
}

/// The file that `target` means, if its name is written in another case.
std::optional<std::string> in_another_case(const SourceManifest& tree, const std::string& target)
{
    const std::set<std::string> wanted = folded_candidates(target);
    for (const auto& [path, blob] : tree) {
        if (wanted.contains(path_fold(path)) && !path.starts_with(target)) {
            return path;
        }
    }
    return std::nullopt;
}

/// The same for the end of a path, where an alias stands for its beginning.
std::optional<std::string> tail_in_another_case(const SourceManifest& tree, const std::string& tail)
{
    const std::set<std::string> wanted = folded_candidates('/' + tail);
    for (const auto& [path, blob] : tree) {
        const std::string folded = path_fold('/' + path);
        const bool fits = std::any_of(wanted.begin(), wanted.end(), [&](const std::string& end) {
            return folded.ends_with(end);
        });
        if (fits && ('/' + path).find('/' + tail) == std::string::npos) {
            return path;
        }
    }
    return std::nullopt;
}

std::string package_of(const std::string& module)
{
    std::size_t end = module.find('/');
    if (module.starts_with('@') && end != std::string::npos) {
        end = module.find('/', end + 1);
    }
    return module.substr(0, end);
}

/// What an alias such as `@/components/Button` says behind the alias; nothing for a package.
std::optional<std::string> behind_alias(const std::string& module)
{
    for (const std::string_view alias : {"@/", "~/", "~~/", "@@/", "#/", "$lib/", "$/", "src/"}) {
        if (module.starts_with(alias)) {
            return module.substr(alias.size());
        }
    }
    return std::nullopt;
}

bool is_builtin(const std::string& module)
{
    const std::string name = module.substr(0, module.find('/'));
    return module.starts_with("node:") ||
           std::find(k_node_builtins.begin(), k_node_builtins.end(), name) != k_node_builtins.end();
}

bool declares(const ProjectView& project, const std::string& package)
{
    for (const std::string& path :
         {joined(project.root, "package.json"), std::string{"package.json"}}) {
        const std::optional<std::string> text = project.read(path);
        const auto read = text ? parse_package_json(*text) : Result<PackageJson>{PackageJson{}};
        if (read.has_value() && read->dependencies.contains(package)) {
            return true;
        }
    }
    return false;
}

MissingModule
missing_file(MissingModule found, const ProjectView& project, const std::string& target)
{
    found.details["path"] = target;
    if (const auto actual = in_another_case(project.tree, target)) {
        found.cause = "case_sensitive_import";
        found.details["actual"] = *actual;
        return found;
    }
    found.cause = "missing_file";
    if (const auto elsewhere = alike_elsewhere(project.tree, target)) {
        found.details["elsewhere"] = *elsewhere;
    }
    return found;
}

}  // namespace

std::string tree_path(std::string_view printed, const std::string& root)
{
    if (printed.starts_with("file://")) {
        printed.remove_prefix(7);
    }
    printed = printed.substr(0, printed.find('?'));
    if (printed.starts_with(k_work)) {
        return normal(std::string{printed.substr(k_work.size())});
    }
    if (printed == "/work") {
        return {};
    }
    return printed.starts_with('/') ? std::string{printed} : joined(root, printed);
}

MissingModule
look_up_module(const std::map<std::string, std::string>& details, const ProjectView& project)
{
    MissingModule found{.details = details};
    const auto named = [&](const char* name) {
        const auto place = details.find(name);
        return place == details.end() ? std::string{} : place->second;
    };
    std::string importer;
    if (!named("file").empty()) {
        importer = tree_path(named("file"), project.root);
        found.details["file"] = importer;
    }
    const std::string path = named("path");
    const std::string module = path.empty() ? named("module") : path;
    found.details.emplace("module", module);
    if (module.starts_with('/') || !path.empty()) {
        const std::string target = tree_path(module, project.root);
        found.details["module"] = target;
        return missing_file(std::move(found), project, target);
    }
    if (module.starts_with('.')) {
        const std::string directory =
            !importer.empty() ? parent_of(importer) : tree_path(named("directory"), project.root);
        return missing_file(std::move(found), project, joined(directory, module));
    }
    if (const auto tail = behind_alias(module)) {
        const auto actual = tail_in_another_case(project.tree, *tail);
        found.cause = actual ? "case_sensitive_import" : "import_alias";
        if (actual) {
            found.details["actual"] = *actual;
        }
        return found;
    }
    if (is_builtin(module)) {
        found.cause = "node_builtin";
        return found;
    }
    const std::string package = package_of(module);
    found.details["package"] = package;
    found.cause = declares(project, package) ? "dependency_not_installed" : "missing_dependency";
    return found;
}

}  // namespace libra
