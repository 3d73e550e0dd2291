#include "cli/command_failed.hpp"
#include "cli/commands.hpp"
#include "cli/source_tree.hpp"
#include "cli/upload.hpp"
#include "cli/watch.hpp"
#include "shared/wire/json_writer.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

namespace libra {

namespace {

struct DeployOptions {
    std::string folder{"."};
    std::string create{};
    std::string on_conflict{};
    bool no_cache{};
    std::string domain{};
    bool detached{};
    int timeout{};  // seconds; 0: none
};

std::string name_of(const std::string& folder)
{
    const std::filesystem::path path = std::filesystem::weakly_canonical(folder);
    return path.has_filename() ? path.filename().string() : "site";
}

void create_project(CommandContext& context, const DeployOptions& options, const std::string& name)
{
    JsonWriter json;
    json.begin_object().key("orgId").text(context.org()).key("name").text(name).end_object();
    const ApiAnswer answer = context.api.post("/projects", json.take());
    const JsonValue& project = answer.json.root()["project"];
    context.settings.project_id = shown(project, "projectId");
    write_link(options.folder, context.project(), context.org());
    context.terminal.note(fmt::format(
        "Created the project {}; libra.json in the folder names it from now on.", harmless(name)
    ));
}

/// Makes sure that there is a project to deploy to.
void settle_project(CommandContext& context, const DeployOptions& options)
{
    if (!options.create.empty()) {
        create_project(context, options, options.create);
        return;
    }
    if (context.settings.project_id) {
        return;
    }
    const std::string usual = name_of(options.folder);
    if (!context.terminal.interactive()) {
        throw CommandFailed{
            ExitCode::usage,
            "It is not known which project is meant.",
            fmt::format(
                "Make one with `libra deploy {} --create {}`, or name one with --project.",
                harmless(options.folder),
                harmless(usual)
            )};
    }
    const std::string name =
        context.terminal.ask(fmt::format("Name of the new project [{}]: ", harmless(usual)));
    create_project(context, options, name.empty() ? usual : name);
}

std::string request_of(
    const CommandContext& context,
    const DeployOptions& options,
    const std::string& user,
    const SourceTree& tree
)
{
    JsonWriter json;
    json.begin_object().key("projectId").text(context.project());
    json.key("orgId").text(context.org()).key("userId").text(user);
    json.key("replaceFiles").boolean(true);
    if (!options.on_conflict.empty()) {
        json.key("onConflict").text(options.on_conflict);
    }
    if (options.no_cache) {
        json.key("useCache").boolean(false);
    }
    if (!options.domain.empty()) {
        json.key("customDomain").text(options.domain);
    }
    json.key("initFiles").begin_array();
    for (const LocalFile& file : tree.files) {
        json.begin_object().key("path").text(file.path);
        json.key("sha256").text(file.digest.hex()).end_object();
    }
    json.end_array().end_object();
    return json.take();
}

SourceTree tree_of(const CommandContext& context, const DeployOptions& options)
{
    SourceTree tree = read_source_tree(options.folder);
    for (const std::string& path : tree.left_out) {
        context.terminal.note(fmt::format(
            "  left out: {} (neither a file nor a link to one in the folder)", harmless(path)
        ));
    }
    if (tree.files.empty()) {
        throw CommandFailed{
            ExitCode::usage,
            fmt::format("There is no file to deploy in {}.", harmless(options.folder)),
            "What .gitignore names is left out."};
    }
    return tree;
}

ExitCode deploy(CommandContext& context, const DeployOptions& options)
{
    context.org();
    const SourceTree tree = tree_of(context, options);
    const std::string user = context.api.get("/me").text_at("userId");
    settle_project(context, options);
    context.terminal.note("Deploying " + context.terminal.shaded(context.project(), Shade::strong));
    upload_missing(context, tree.files);
    context.api.stop_with({});
    const ApiAnswer accepted = context.api.post(
        "/deploy", request_of(context, options, user, tree), new_id(context.random)
    );
    const std::string id = accepted.text_at("deploymentId");
    if (options.detached) {
        if (!shown_as_json(context, accepted)) {
            context.terminal.result(id);
        }
        return ExitCode::success;
    }
    WatchOptions watching{.offers_cancel = true};
    if (options.timeout > 0) {
        watching.timeout = std::chrono::seconds{options.timeout};
    }
    const DeploymentEnd end = watch(context, id, watching);
    if (context.json) {
        context.terminal.result(context.api.get("/deployments/" + percent_encoded(id)).text);
    } else {
        report_end(context, id, end);
    }
    return end.exit_code();
}

}  // namespace

void add_deploy_command(CLI::App& app, const Choose& choose)
{
    auto options = std::make_shared<DeployOptions>();
    CLI::App* const command = app.add_subcommand(
        "deploy", "Deploy a folder, watch it, and print the address of the site."
    );
    command->add_option("DIR", options->folder, "The folder; the present one if left out.");
    command->add_option(
        "--create", options->create, "Make a new project of this name and deploy to it."
    );
    command
        ->add_option(
            "--on-conflict",
            options->on_conflict,
            "If the project is being deployed: reject (usual), supersede that one, or queue behind "
            "it."
        )
        ->check(CLI::IsMember({"reject", "supersede", "queue"}));
    command->add_flag(
        "--no-cache", options->no_cache, "Build anew, whatever earlier deployments have left."
    );
    command->add_option("--domain", options->domain, "Also serve the site at this host name.");
    command->add_flag(
        "--detach", options->detached, "Print the deployment's id and do not wait for its end."
    );
    command->add_option("--timeout", options->timeout, "Watch for this many seconds at most.")
        ->check(CLI::Range(1, 86'400));
    command->callback([options, choose] {
        choose([options](CommandContext& context) { return deploy(context, *options); });
    });
}

}  // namespace libra
