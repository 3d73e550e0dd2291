#include "deploy-worker/build/build_plan.hpp"

#include "deploy-worker/build/framework_match.hpp"
#include "deploy-worker/build/frameworks.hpp"
#include "deploy-worker/build/plan_failures.hpp"
#include "deploy-worker/build/toolchain.hpp"
#include "deploy-worker/build/workspace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace libra {

namespace {

constexpr std::string_view k_static{"static"};
constexpr std::string_view k_work{"/work"};

/// Everything the decisions are made from.
struct Bench {
    const BuildSettings& settings;
    ProjectFiles files;  // below the root directory
    ProjectFiles tree;   // all
    PackageJson package{};
    const Framework* framework{};
    std::string line{};  // of the script that makes the site
    BuildPlan plan{};

    Project project() { return {files, package}; }

    /// Whether somebody knows better than the list of frameworks how the site is made.
    bool is_explicit() const { return settings.build_command || settings.output_directory; }
};

void add_unless_there(std::vector<std::string>& all, std::string text)
{
    if (std::find(all.begin(), all.end(), text) == all.end()) {
        all.push_back(std::move(text));
    }
}

/// @return here and below a failure, or nothing.
std::optional<Failure> as_it_is(Bench& bench, std::string reason)
{
    BuildPlan& plan = bench.plan;
    plan.reasons.push_back(std::move(reason));
    plan.framework = k_static;
    plan.framework_name = "plain files";
    plan.site_directory = plan.root_directory;
    if (const auto& output = bench.settings.output_directory) {
        if (!bench.files.has_directory(*output)) {
            return set_output_missing(*output);
        }
        plan.site_directory = below(plan.root_directory, *output);
        plan.reasons.push_back(
            fmt::format("Output directory: {} (the project's settings)", plan.site_directory)
        );
    }
    return std::nullopt;
}

std::optional<Failure> read_package(Bench& bench)
{
    const auto text = bench.files.text("package.json");
    if (bench.files.error()) {
        return transient_failure("reading package.json", *bench.files.error());
    }
    if (!text && bench.files.has("package.json")) {
        return invalid_package_json("it is larger than 1 MiB");
    }
    Result<PackageJson> package = parse_package_json(text.value_or("{}"));
    if (package.has_error()) {
        return invalid_package_json(package.error().detail);
    }
    bench.package = *std::move(package);
    return std::nullopt;
}

std::optional<Failure> choose_framework(Bench& bench)
{
    BuildPlan& plan = bench.plan;
    const auto& named = bench.settings.framework;
    bench.framework = named ? framework_with(*named)
                            : find_framework(framework_list().frameworks, bench.project());
    if (bench.framework == nullptr) {
        return named ? std::optional{unknown_framework(*named)} : std::nullopt;
    }
    plan.framework = bench.framework->slug;
    plan.framework_name = shown_name(*bench.framework, bench.project());
    plan.cache_directories = bench.framework->caches;
    plan.output_hint = bench.framework->output_hint;
    plan.reasons.push_back(fmt::format(
        "Framework: {}{}", plan.framework_name, named ? " (the project's settings)" : ""
    ));
    return std::nullopt;
}

/// Why nothing can be made of a project without framework, if its files show that.
std::optional<Failure> refuse_other(Bench& bench)
{
    const Framework* const other = find_framework(framework_list().others, bench.project());
    if (other == nullptr) {
        return std::nullopt;
    }
    std::string why = refusal_of(*other, bench.project());
    return why.empty() ? std::nullopt : std::optional{unsupported_project(std::move(why))};
}

std::optional<Failure> refuse_server(Bench& bench)
{
    if (bench.framework != nullptr) {
        std::string why = refusal_of(*bench.framework, bench.project());
        return why.empty() ? std::nullopt : std::optional{server_only(std::move(why))};
    }
    const FrameworkList& list = framework_list();
    const Framework* const server = find_framework(list.servers, bench.project());
    if (server == nullptr || !holds(list.server_refusal.when, bench.project())) {
        return std::nullopt;
    }
    return server_only(fmt::format(fmt::runtime(list.server_refusal.why), server->name));
}

/// The script of package.json that makes the site; empty if none does, or a command is set.
Outcome<std::string> choose_script(const Bench& bench)
{
    std::vector<std::string> names;
    if (!bench.settings.build_command) {
        names = bench.framework == nullptr ? names : bench.framework->scripts;
        names.emplace_back("build");
    }
    for (const std::string& name : names) {
        if (bench.package.scripts.contains(name)) {
            return name;
        }
        if (bench.package.no_texts.contains("scripts." + name)) {
            return invalid_package_json(
                fmt::format("the script `{}` is not a text; write one command line", name)
            );
        }
    }
    return "";
}

void choose_outputs(Bench& bench)
{
    BuildPlan& plan = bench.plan;
    const auto add = [&](const std::string& output) {
        add_unless_there(plan.output_candidates, below(plan.root_directory, output));
    };
    if (const auto& set = bench.settings.output_directory) {
        add(*set);
        plan.reasons.push_back(
            fmt::format("Output directory: {} (the project's settings)", plan.output_candidates[0])
        );
        return;
    }
    if (bench.framework != nullptr) {
        for (const std::string& output :
             configured_outputs(*bench.framework, bench.project(), bench.line)) {
            if (output != ".") {  // there the build's own sources lie
                add(output);
            }
        }
        std::for_each(bench.framework->outputs.begin(), bench.framework->outputs.end(), add);
    }
    for (const std::string& output : framework_list().usual_outputs) {
        // Many projects keep the page their bundler starts from in public/: it is not the output.
        if (output != "public" || !bench.files.has("public/index.html")) {
            add(output);
        }
    }
}

std::string in_work(const std::string& directory)
{
    return directory.empty() ? std::string{k_work} : fmt::format("{}/{}", k_work, directory);
}

/// Programs of the dependencies are for command lines of people; scripts find them by themselves,
/// and nobody's dependency is to stand in for the package manager.
void set_path(BuildPlan& plan)
{
    const std::vector<std::string> tools = tool_paths(plan.tools);
    std::vector<std::string> programs = tools;
    for (const std::string& directory : {plan.root_directory, plan.install_directory}) {
        add_unless_there(programs, in_work(below(directory, "node_modules/.bin")));
    }
    for (auto* const commands : {&plan.install, &plan.build}) {
        for (SandboxCommand& command : *commands) {
            command.path = command.argv.front() == "sh" ? programs : tools;
        }
    }
}

void choose_commands(Bench& bench, const std::string& script)
{
    BuildPlan& plan = bench.plan;
    const BuildSettings& settings = bench.settings;
    const bool installs = bench.files.has("package.json") || settings.install_command;
    if (installs) {
        plan.install = {
            settings.install_command ? shell_command(plan.toolchain, *settings.install_command)
                                     : install_command(plan.toolchain)};
        plan.install[0].directory =
            in_work(settings.install_command ? plan.root_directory : plan.install_directory);
        if (settings.install_command) {
            plan.reasons.push_back(fmt::format(
                "Install command: {} (the project's settings)", *settings.install_command
            ));
        }
    }
    std::string source = "the project's settings";
    if (settings.build_command) {
        plan.build = {shell_command(plan.toolchain, *settings.build_command)};
    } else if (!script.empty()) {
        source = fmt::format("the script `{}` in package.json", script);
        plan.build = {script_command(plan.toolchain, script)};
    } else {
        source = fmt::format("package.json has no script for it, {} does", bench.framework->name);
        plan.build = {program_command(plan.toolchain, bench.framework->command)};
    }
    plan.build[0].directory = in_work(plan.root_directory);
    plan.reasons.push_back(fmt::format("Build command: {} ({})", shown(plan.build[0]), source));
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

std::optional<Failure> plan_toolchain(Bench& bench)
{
    BuildPlan& plan = bench.plan;
    ToolchainChoice choice = choose_toolchain(bench.tree, plan.root_directory, bench.package);
    plan.toolchain = std::move(choice.toolchain);
    plan.install_directory = std::move(choice.install_directory);
    plan.reasons.push_back(fmt::format(
        "Package manager: {}{}{} ({})",
        to_string(plan.toolchain.manager),
        plan.toolchain.version.empty() ? "" : " ",
        plan.toolchain.version,
        choice.reason
    ));
    std::move(choice.remarks.begin(), choice.remarks.end(), std::back_inserter(plan.reasons));
    if (plan.install_directory != plan.root_directory) {
        plan.reasons.push_back(fmt::format(
            "Dependencies are installed in {}, the workspace that {} is a part of.",
            plan.install_directory.empty() ? "the top directory" : plan.install_directory,
            plan.root_directory
        ));
    }
    std::vector<std::string> directories = directory_and_above(plan.root_directory);
    const auto workspace =
        std::find(directories.begin(), directories.end(), plan.install_directory);
    directories.erase(std::next(workspace), directories.end());
    plan.node_wish =
        node_wish(bench.settings, bench.tree, directories, bench.package, choice.workspace);
    if (bench.tree.error()) {
        return transient_failure("reading the lock file", *bench.tree.error());
    }
    if (std::optional<Tool> tool = manager_tool(plan.toolchain)) {
        plan.tools.push_back(*std::move(tool));
    }
    plan.install_hint = install_hint(plan.toolchain);
    return std::nullopt;
}

std::optional<Failure> plan_commands(Bench& bench, const std::string& script)
{
    if (auto refused = bench.is_explicit() ? std::nullopt : refuse_server(bench)) {
        return refused;
    }
    if (auto failed = plan_toolchain(bench)) {
        return failed;
    }
    bench.plan.needs_build = true;
    choose_commands(bench, script);
    choose_outputs(bench);
    set_path(bench.plan);
    const bool whole_workspace =
        bench.plan.root_directory.empty() &&
        (bench.package.workspaces || bench.files.has("pnpm-workspace.yaml"));
    if (whole_workspace && bench.plan.output_hint.empty()) {
        bench.plan.output_hint = k_workspace_hint;
    }
    if (bench.files.error()) {
        return transient_failure("reading the project's configuration", *bench.files.error());
    }
    return std::nullopt;
}

/// There is nothing to run.
std::optional<Failure> plan_without_build(Bench& bench)
{
    const bool has_package = bench.files.has("package.json");
    if (!bench.settings.output_directory) {
        auto refused = has_package ? refuse_server(bench) : std::nullopt;
        refused = refused ? refused : refuse_other(bench);
        const bool page = bench.files.has("index.html");
        if (refused && (!has_package || !page)) {
            return refused;
        }
        if (has_package && !page) {
            return no_build_script(bench.tree, bench.plan.root_directory);
        }
    }
    return as_it_is(
        bench,
        has_package ? "package.json has no `build` script and there is an index.html: the files "
                      "are served as they are."
                    : "No package.json: the files are served as they are."
    );
}

std::optional<Failure> decide(Bench& bench)
{
    const std::string& root = bench.files.directory();
    if (!root.empty()) {
        if (!bench.files.has_directory("")) {
            return root_directory_missing(root);
        }
        bench.plan.root_directory = root;
        bench.plan.reasons.push_back(
            fmt::format("Root directory: {} (the project's settings)", root)
        );
    }
    if (bench.settings.framework == k_static) {
        return as_it_is(bench, "The files are served as they are (the project's settings).");
    }
    if (auto failed = read_package(bench)) {
        return failed;
    }
    if (auto failed = choose_framework(bench)) {
        return failed;
    }
    const Outcome<std::string> script = choose_script(bench);
    if (script.has_error()) {
        return script.error();
    }
    if (!script->empty()) {
        bench.line = bench.package.scripts.at(*script);
    } else if (bench.framework != nullptr) {
        bench.line = bench.framework->command;
    }
    if (bench.settings.build_command) {
        bench.line = *bench.settings.build_command;
    }
    return bench.line.empty() && script->empty() ? plan_without_build(bench)
                                                 : plan_commands(bench, *script);
}

}  // namespace

void throw_exception_from_error(const NoPlan& none, const boost::source_location& where)
{
    throw_exception_from_error(none.failure, where);
}

Planned
plan_build(const SourceManifest& tree, const ReadSource& read, const BuildSettings& settings)
{
    const std::string root = settings.root_directory.value_or("");
    Bench bench{.settings = settings, .files = {tree, read, root}, .tree = {tree, read, {}}};
    if (auto failed = decide(bench)) {
        return NoPlan{*std::move(failed), std::move(bench.plan)};
    }
    return std::move(bench.plan);
}

void add_tools(BuildPlan& plan, const std::vector<Tool>& tools)
{
    plan.tools.insert(plan.tools.begin(), tools.begin(), tools.end());
    set_path(plan);
}

}  // namespace libra
