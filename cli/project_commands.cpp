#include "cli/command_failed.hpp"
#include "cli/commands.hpp"
#include "shared/wire/json_writer.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>

namespace libra {

namespace {

struct Options {
    std::string name{};
    std::string id{};
    std::string label{};
    std::string site_template{};
    std::string hostname{};
    std::string variable{};
    bool secret{};
    bool yes{};
    std::map<std::string, std::string> build{};  // member of the settings → value; empty removes it
};

struct BuildOption {
    const char* flag{};
    const char* member{};
    const char* purpose{};
};

constexpr std::array k_build_options{
    BuildOption{"--framework", "framework", "What the site is made with, such as vite or static."},
    BuildOption{"--root", "rootDirectory", "The directory that the site is made from."},
    BuildOption{"--install", "installCommand", "How dependencies are installed."},
    BuildOption{"--command", "buildCommand", "How the site is built."},
    BuildOption{"--output", "outputDirectory", "Where the build leaves the site."},
    BuildOption{"--node", "nodeVersion", "The version of Node, such as 22."},
};

std::string path_of(const std::string& project_id, std::string_view rest = {})
{
    return fmt::format("/projects/{}{}", percent_encoded(project_id), rest);
}

const std::string& id_or_usual(const CommandContext& context, const std::string& id)
{
    return id.empty() ? context.project() : id;
}

void show_message(const CommandContext& context, const ApiAnswer& answer, const std::string& text)
{
    if (!shown_as_json(context, answer)) {
        context.terminal.note(text);
    }
}

ExitCode list_projects(CommandContext& context)
{
    const std::string query =
        context.settings.org_id ? "&orgId=" + percent_encoded(context.org()) : std::string{};
    const ApiAnswer answer = context.api.get("/projects?limit=200" + query);
    if (shown_as_json(context, answer)) {
        return ExitCode::success;
    }
    std::vector<std::vector<std::string>> rows;
    for (const JsonValue& project : answer.json.root()["projects"].GetArray()) {
        rows.push_back(
            {shown(project, "projectId"),
             harmless(shown(project, "name")),
             shown(project, "active") == "yes" ? shown(project, "status") : "inactive",
             harmless(shown(project, "url"))}
        );
    }
    context.terminal.table(
        {"PROJECT", "NAME", "STATUS", "ADDRESS"},
        rows,
        "There are no projects; `libra projects create NAME` makes one."
    );
    if (!answer.text_at("nextCursor").empty()) {
        context.terminal.note("… and more; --org narrows the list.");
    }
    return ExitCode::success;
}

void print_build(const CommandContext& context, const JsonValue& project)
{
    const FoundMember build = locate(project, "build");
    if (build.value == nullptr) {
        context.terminal.note("Nothing is set; the project's files decide how it is built.");
        return;
    }
    for (const BuildOption& option : k_build_options) {
        if (const std::string value = shown(*build.value, option.member); !value.empty()) {
            context.terminal.result(fmt::format("{:<13} {}", option.flag + 2, harmless(value)));
        }
    }
}

void print_project(const CommandContext& context, const ApiAnswer& answer)
{
    if (shown_as_json(context, answer)) {
        return;
    }
    const JsonValue& project = answer.json.root()["project"];
    for (const auto& [label, name] :
         {std::pair{"Project", "projectId"},
          std::pair{"Name", "name"},
          std::pair{"Organisation", "orgId"},
          std::pair{"Status", "status"},
          std::pair{"Active", "active"},
          std::pair{"Address", "url"},
          std::pair{"Live", "liveDeploymentId"},
          std::pair{"Template", "template"},
          std::pair{"Created", "createdAt"}}) {
        if (const std::string value = shown(project, name); !value.empty()) {
            context.terminal.result(fmt::format("{:<13} {}", label, harmless(value)));
        }
    }
}

ExitCode create_project(CommandContext& context, const Options& options)
{
    JsonWriter json;
    json.begin_object().key("orgId").text(context.org()).key("name").text(options.name);
    if (!options.id.empty()) {
        json.key("projectId").text(options.id);
    }
    if (!options.label.empty()) {
        json.key("siteLabel").text(options.label);
    }
    if (!options.site_template.empty()) {
        json.key("template").text(options.site_template);
    }
    json.end_object();
    print_project(context, context.api.post("/projects", json.take()));
    return ExitCode::success;
}

/// Shows the settings where none is to be changed.
ExitCode change_build(CommandContext& context, const Options& options)
{
    const std::string path = path_of(id_or_usual(context, options.id));
    if (options.build.empty()) {
        const ApiAnswer answer = context.api.get(path);
        if (!shown_as_json(context, answer)) {
            print_build(context, answer.json.root()["project"]);
        }
        return ExitCode::success;
    }
    JsonWriter json;
    json.begin_object().key("build").begin_object();
    for (const auto& [member, value] : options.build) {
        json.key(member);
        if (value.empty()) {
            json.raw("null");
        } else {
            json.text(value);
        }
    }
    json.end_object().end_object();
    const ApiAnswer answer = context.api.patch(path, json.take());
    if (!shown_as_json(context, answer)) {
        print_build(context, answer.json.root()["project"]);
    }
    return ExitCode::success;
}

ExitCode delete_project(CommandContext& context, const Options& options)
{
    if (!options.yes) {
        const std::string typed = context.terminal.ask(fmt::format(
            "This takes the site of {0} down. Type {0} to delete it: ", harmless(options.id)
        ));
        if (typed != options.id) {
            throw CommandFailed{
                ExitCode::usage, "Nothing was deleted.", "Where nobody can be asked, say --yes."};
        }
    }
    const ApiAnswer answer = context.api.remove(path_of(options.id));
    show_message(context, answer, harmless(answer.text_at("message")));
    return ExitCode::success;
}

ExitCode list_domains(CommandContext& context)
{
    const ApiAnswer answer = context.api.get(path_of(context.project(), "/domains"));
    if (shown_as_json(context, answer)) {
        return ExitCode::success;
    }
    std::vector<std::vector<std::string>> rows;
    for (const JsonValue& domain : answer.json.root()["domains"].GetArray()) {
        rows.push_back({harmless(shown(domain, "hostname")), shown(domain, "createdAt")});
    }
    context.terminal.table(
        {"DOMAIN", "ADDED"}, rows, "There are no domains; `libra domains add HOSTNAME` adds one."
    );
    return ExitCode::success;
}

ExitCode add_domain(CommandContext& context, const Options& options)
{
    JsonWriter json;
    json.begin_object().key("hostname").text(options.hostname).end_object();
    const ApiAnswer answer = context.api.post(path_of(context.project(), "/domains"), json.take());
    show_message(context, answer, "Added. Point its DNS record at the platform's static host.");
    return ExitCode::success;
}

ExitCode remove_domain(CommandContext& context, const Options& options)
{
    const ApiAnswer answer = context.api.remove(
        path_of(context.project(), "/domains/" + percent_encoded(options.hostname))
    );
    show_message(context, answer, harmless(answer.text_at("message")));
    return ExitCode::success;
}

ExitCode list_variables(CommandContext& context)
{
    const ApiAnswer answer = context.api.get(path_of(context.project(), "/env"));
    if (shown_as_json(context, answer)) {
        return ExitCode::success;
    }
    std::vector<std::vector<std::string>> rows;
    for (const JsonValue& variable : answer.json.root()["variables"].GetArray()) {
        const bool secret = shown(variable, "secret") == "yes";
        rows.push_back(
            {shown(variable, "name"),
             secret ? "(secret)" : harmless(shown(variable, "value")),
             shown(variable, "updatedAt")}
        );
    }
    context.terminal.table(
        {"VARIABLE", "VALUE", "CHANGED"},
        rows,
        "There are no variables; `libra env set NAME=VALUE` sets one."
    );
    return ExitCode::success;
}

/// From the terminal, unseen, or all of standard input less one line end.
std::string read_value(const CommandContext& context, const std::string& name)
{
    if (context.terminal.interactive()) {
        return context.terminal.ask(fmt::format("Value of {}: ", harmless(name)), true);
    }
    std::string value{std::istreambuf_iterator<char>{std::cin}, {}};
    if (value.ends_with('\n')) {
        value.pop_back();
    }
    return value;
}

ExitCode set_variable(CommandContext& context, const Options& options)
{
    const std::size_t equals = options.variable.find('=');
    const std::string name = options.variable.substr(0, equals);
    const std::string value = equals == std::string::npos ? read_value(context, name)
                                                          : options.variable.substr(equals + 1);
    JsonWriter json;
    json.begin_object().key("value").text(value).key("secret").boolean(options.secret);
    json.end_object();
    const ApiAnswer answer =
        context.api.put(path_of(context.project(), "/env/" + percent_encoded(name)), json.take());
    show_message(
        context, answer, fmt::format("{} is set; the next deployment sees it.", harmless(name))
    );
    return ExitCode::success;
}

ExitCode unset_variable(CommandContext& context, const Options& options)
{
    const ApiAnswer answer =
        context.api.remove(path_of(context.project(), "/env/" + percent_encoded(options.variable)));
    show_message(context, answer, harmless(answer.text_at("message")));
    return ExitCode::success;
}

using Action = ExitCode (*)(CommandContext& context, const Options& options);

/// A command below `group`, its options yet to be added.
std::pair<CLI::App*, std::shared_ptr<Options>>
add(CLI::App& group, const Choose& choose, const char* name, const char* purpose, Action action)
{
    auto options = std::make_shared<Options>();
    CLI::App* const command = group.add_subcommand(name, purpose);
    command->callback([choose, options, action] {
        choose([options, action](CommandContext& context) { return action(context, *options); });
    });
    return {command, options};
}

/// A group whose own name without more lists what is there.
CLI::App&
add_group(CLI::App& app, const Choose& choose, const char* name, const char* purpose, Command list)
{
    CLI::App* const group = app.add_subcommand(name, purpose);
    group->require_subcommand(0, 1);
    group->add_subcommand("list", "List them.")->callback([choose, list] { choose(list); });
    group->callback([group, choose, list] {
        if (group->get_subcommands().empty()) {
            choose(list);
        }
    });
    return *group;
}

void add_projects(CLI::App& app, const Choose& choose)
{
    CLI::App& group = add_group(
        app, choose, "projects", "List, create, change and delete projects.", list_projects
    );
    {
        const auto [command, options] = add(group, choose, "create", "Create one.", create_project);
        command->add_option("NAME", options->name, "What people call it.")->required();
        command->add_option("--id", options->id, "Its id; made up if left out.");
        command->add_option("--label", options->label, "What its address begins with.");
        command->add_option(
            "--template", options->site_template, "A built-in template to lay its first files on."
        );
    }
    {
        const auto [command, options] =
            add(group, choose, "show", "Show one.", [](CommandContext& context, const Options& o) {
                print_project(context, context.api.get(path_of(id_or_usual(context, o.id))));
                return ExitCode::success;
            });
        command->add_option("PROJECT", options->id, "Its id.");
    }
    {
        const auto [command, options] =
            add(group,
                choose,
                "rename",
                "Give one another name.",
                [](CommandContext& context, const Options& o) {
                    JsonWriter json;
                    json.begin_object().key("name").text(o.name).end_object();
                    print_project(
                        context, context.api.patch(path_of(id_or_usual(context, o.id)), json.take())
                    );
                    return ExitCode::success;
                });
        command->add_option("NAME", options->name, "The new name.")->required();
        command->add_option("PROJECT", options->id, "Its id.");
    }
    {
        const auto [command, options] =
            add(group, choose, "build", "Show or set how one is built.", change_build);
        command->add_option("PROJECT", options->id, "Its id.");
        for (const BuildOption& option : k_build_options) {
            command->add_option_function<std::string>(
                option.flag,
                [kept = options, member = option.member](const std::string& value) {
                    kept->build.insert_or_assign(member, value);
                },
                std::string{option.purpose} + " Empty: as the files say."
            );
        }
    }
    {
        const auto [command, options] =
            add(group, choose, "delete", "Take its site down and delete it.", delete_project);
        command->add_option("PROJECT", options->id, "Its id.")->required();
        command->add_flag("--yes", options->yes, "Do not ask.");
    }
}

void add_domains(CLI::App& app, const Choose& choose)
{
    CLI::App& group =
        add_group(app, choose, "domains", "Custom domains of the project.", list_domains);
    for (const auto& [name, purpose, action] :
         {std::tuple{"add", "Serve the site at one more host name.", Action{add_domain}},
          std::tuple{"remove", "Serve the site there no more.", Action{remove_domain}}}) {
        const auto [command, options] = add(group, choose, name, purpose, action);
        command->add_option("HOSTNAME", options->hostname, "The host name.")->required();
    }
}

void add_variables(CLI::App& app, const Choose& choose)
{
    CLI::App& group = add_group(
        app, choose, "env", "Variables in the environment of the project's builds.", list_variables
    );
    {
        const auto [command, options] = add(group, choose, "set", "Set one.", set_variable);
        command
            ->add_option(
                "NAME[=VALUE]",
                options->variable,
                "Without a value it is asked for, or read from standard input."
            )
            ->required();
        command->add_flag("--secret", options->secret, "Never show it, and mask it in logs.");
    }
    {
        const auto [command, options] = add(group, choose, "unset", "Remove one.", unset_variable);
        command->add_option("NAME", options->variable, "Which one.")->required();
    }
}

}  // namespace

void add_project_commands(CLI::App& app, const Choose& choose)
{
    add_projects(app, choose);
    add_domains(app, choose);
    add_variables(app, choose);
}

}  // namespace libra
