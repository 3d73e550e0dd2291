#include "cli/command_failed.hpp"
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/doctor.hpp"
#include "shared/wire/json_writer.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

namespace libra {

namespace {

struct LetterOptions {
    std::string id{};
    std::string state{"open"};
    std::string failure_class{};
    std::string reason{};
    bool all{};
};

std::string milliseconds_shown(const JsonValue& object, std::string_view name)
{
    const JsonValue* const value = locate(object, name).value;
    return value != nullptr && value->IsNumber()
               ? fmt::format("{:.1f} s", value->GetDouble() / 1000)
               : std::string{};
}

ExitCode show_queue(CommandContext& context)
{
    const ApiAnswer answer = context.api.get("/queue");
    if (shown_as_json(context, answer)) {
        return ExitCode::success;
    }
    const JsonValue& queue = answer.json.root();
    const auto line = [&](std::string_view label, const std::string& value) {
        context.terminal.result(fmt::format("{:<22} {}", label, value.empty() ? "unknown" : value));
    };
    line("Waiting", shown(queue, "depth"));
    line("  ready to start", shown(queue, "ready"));
    line("  behind their project", shown(queue, "held"));
    line("  until a retry", shown(queue, "retrying"));
    line("Running", fmt::format("{} of {}", shown(queue, "inFlight"), shown(queue, "capacity")));
    line("Workers at the queue", shown(queue, "consumers"));
    line("Messages in the broker", shown(queue, "messages"));
    line("Messages not yet sent", shown(queue, "unsent"));
    line("Longest wait", milliseconds_shown(queue, "oldestAgeMs"));
    line("Live per minute", shown(queue, "completedPerMinute"));
    line("Wait of a new one", milliseconds_shown(queue, "estimatedWaitMs"));
    return ExitCode::success;
}

ExitCode list_letters(CommandContext& context, const LetterOptions& options)
{
    std::string path = "/dlq?limit=200&state=" + options.state;
    if (!options.failure_class.empty()) {
        path += "&class=" + options.failure_class;
    }
    const ApiAnswer answer = context.api.get(path);
    if (shown_as_json(context, answer)) {
        return ExitCode::success;
    }
    std::vector<std::vector<std::string>> rows;
    for (const JsonValue& letter : answer.json.root()["letters"].GetArray()) {
        rows.push_back(
            {shown(letter, "id"),
             shown(letter, "state"),
             shown(letter, "class"),
             shown(letter, "deploymentId"),
             shown(letter, "createdAt"),
             harmless(shown(letter, "reason"))}
        );
    }
    context.terminal.table(
        {"LETTER", "STATE", "CLASS", "DEPLOYMENT", "SINCE", "REASON"},
        rows,
        "There are no dead letters."
    );
    return ExitCode::success;
}

ExitCode show_letter(CommandContext& context, const LetterOptions& options)
{
    // What is in a letter is for people and for programs the same.
    context.terminal.result(context.api.get("/dlq/" + percent_encoded(options.id)).text);
    return ExitCode::success;
}

ExitCode requeue(CommandContext& context, const LetterOptions& options)
{
    if (options.id.empty() == !options.all) {
        throw CommandFailed{ExitCode::usage, "Name a dead letter, or say --all."};
    }
    if (!options.all) {
        const ApiAnswer answer =
            context.api.post("/dlq/" + percent_encoded(options.id) + "/requeue", "");
        if (!shown_as_json(context, answer)) {
            context.terminal.note(harmless(answer.text_at("message")));
        }
        return ExitCode::success;
    }
    JsonWriter json;
    json.begin_object();
    if (!options.failure_class.empty()) {
        json.key("class").text(options.failure_class);
    }
    json.end_object();
    const ApiAnswer answer = context.api.post("/dlq/requeue", json.take());
    if (!shown_as_json(context, answer)) {
        const JsonValue& result = answer.json.root();
        context.terminal.note(fmt::format(
            "{} sent on their way, {} passed over{}.",
            shown(result, "requeued"),
            shown(result, "skipped"),
            shown(result, "more") == "yes" ? "; there are more, so do it again" : ""
        ));
    }
    return ExitCode::success;
}

ExitCode discard(CommandContext& context, const LetterOptions& options)
{
    JsonWriter json;
    json.begin_object().key("reason").text(options.reason).end_object();
    const ApiAnswer answer = context.api.remove("/dlq/" + percent_encoded(options.id), json.take());
    if (!shown_as_json(context, answer)) {
        context.terminal.note(harmless(answer.text_at("message")));
    }
    return ExitCode::success;
}

using LetterAction = ExitCode (*)(CommandContext& context, const LetterOptions& options);

void add_letters(CLI::App& app, const Choose& choose)
{
    CLI::App* const group =
        app.add_subcommand("dlq", "Dead letters, for operators: list, show, requeue, discard.");
    group->require_subcommand(1);
    const auto add = [&](const char* name, const char* purpose, LetterAction action) {
        auto options = std::make_shared<LetterOptions>();
        CLI::App* const command = group->add_subcommand(name, purpose);
        command->callback([choose, options, action] {
            choose([options, action](CommandContext& context) { return action(context, *options); }
            );
        });
        return std::pair{command, options};
    };
    const CLI::IsMember classes{{"user", "transient", "resource", "poison", "exhausted"}};
    {
        const auto [command, options] = add("list", "List them, newest first.", list_letters);
        command->add_option("--state", options->state, "Only those in this state.")
            ->check(CLI::IsMember({"open", "requeued", "discarded", "all"}));
        command->add_option("--class", options->failure_class, "Only of this class.")
            ->check(classes);
    }
    {
        const auto [command, options] =
            add("show", "Show one: its message and every attempt.", show_letter);
        command->add_option("LETTER", options->id, "Its number.")->required();
    }
    {
        const auto [command, options] =
            add("requeue", "Send one, or all that match, on their way again.", requeue);
        command->add_option("LETTER", options->id, "Its number.");
        command->add_flag("--all", options->all, "All that are open.");
        command->add_option("--class", options->failure_class, "With --all: only of this class.")
            ->check(classes);
    }
    {
        const auto [command, options] = add("discard", "Close one for good.", discard);
        command->add_option("LETTER", options->id, "Its number.")->required();
        command->add_option("--reason", options->reason, "Why nothing more is to be done.")
            ->required();
    }
}

}  // namespace

void add_platform_commands(CLI::App& app, const Choose& choose)
{
    app.add_subcommand("queue", "How the queue as a whole is doing.")->callback([choose] {
        choose(show_queue);
    });
    add_letters(app, choose);
    app.add_subcommand("doctor", "Look for what is wrong, and say what to do.")->callback([choose] {
        choose(examine);
    });
    auto shell = std::make_shared<std::string>();
    CLI::App* const completion =
        app.add_subcommand("completion", "Print a script that completes commands in your shell.");
    completion->add_option("SHELL", *shell, "bash, zsh or fish.")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    completion->callback([&app, shell, choose] {
        choose([&app, shell](CommandContext& context) {
            context.terminal.result(completion_script(app, *shell));
            return ExitCode::success;
        });
    });
}

}  // namespace libra
