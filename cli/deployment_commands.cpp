#include "cli/command_failed.hpp"
#include "cli/commands.hpp"
#include "cli/failure_lines.hpp"
#include "cli/watch.hpp"
#include "shared/wire/json_writer.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <memory>
#include <sys/wait.h>
#include <unistd.h>

namespace libra {

namespace {

constexpr const char* k_steps[]{"validate", "sync", "sandbox", "build", "deploy", "cleanup"};

std::string path_of(const std::string& deployment_id, std::string_view rest = {})
{
    return fmt::format("/deployments/{}{}", percent_encoded(deployment_id), rest);
}

std::string id_or_newest(const CommandContext& context, const std::string& id)
{
    return id.empty() ? context.newest_deployment() : id;
}

std::string duration_of(const JsonValue& object)
{
    const JsonValue* const value = locate(object, "durationMs").value;
    return value != nullptr && value->IsNumber()
               ? fmt::format("{:.1f} s", value->GetDouble() / 1000)
               : std::string{};
}

/// `2025-07-22 10:30:00`.
std::string time_of(const JsonValue& object, std::string_view name)
{
    std::string time = shown(object, name).substr(0, 19);
    if (time.size() > 10) {
        time[10] = ' ';
    }
    return time;
}

ExitCode show_status(CommandContext& context, const std::string& id)
{
    const ApiAnswer answer = context.api.get(path_of(id_or_newest(context, id)));
    if (shown_as_json(context, answer)) {
        return ExitCode::success;
    }
    const JsonValue& deployment = answer.json.root();
    const Terminal& terminal = context.terminal;
    const std::vector<std::string> failure = failure_lines(deployment);
    for (const auto& [label, name] :
         {std::pair{"Deployment", "deploymentId"},
          std::pair{"Project", "projectId"},
          std::pair{"Kind", "kind"},
          std::pair{"Status", "status"},
          std::pair{"Live", "live"},
          std::pair{"Address", "url"},
          std::pair{"Preview", "previewUrl"},
          std::pair{"Created", "createdAt"},
          std::pair{"Error", "error"}}) {
        const bool said_below = std::string_view{name} == "error" && !failure.empty();
        if (const std::string value = shown(deployment, name); !value.empty() && !said_below) {
            terminal.result(fmt::format("{:<11} {}", label, harmless(value)));
        }
    }
    std::vector<std::vector<std::string>> rows;
    if (const JsonValue* const steps = locate(deployment, "steps").value) {
        for (const JsonValue& step : steps->GetArray()) {
            const std::string error = harmless(shown(step, "error"));
            rows.push_back(
                {shown(step, "step"),
                 shown(step, "status"),
                 duration_of(step),
                 error.empty() || failure.empty() ? error : "see below"}
            );
        }
    }
    terminal.result("");
    terminal.table({"STEP", "STATUS", "TOOK", "ERROR"}, rows, "");
    if (!failure.empty()) {
        terminal.result("");
    }
    for (const std::string& line : failure) {
        terminal.result(line);
    }
    return ExitCode::success;
}

ExitCode list(CommandContext& context, const std::string& status, int limit, bool everything)
{
    std::string path = fmt::format("/deployments?limit={}", limit);
    if (!status.empty()) {
        path += "&status=" + status;
    }
    if (!everything && context.settings.project_id) {
        path += "&projectId=" + percent_encoded(context.project());
    }
    if (context.settings.org_id) {
        path += "&orgId=" + percent_encoded(*context.settings.org_id);
    }
    const ApiAnswer answer = context.api.get(path);
    if (shown_as_json(context, answer)) {
        return ExitCode::success;
    }
    std::vector<std::vector<std::string>> rows;
    for (const JsonValue& deployment : answer.json.root()["deployments"].GetArray()) {
        rows.push_back(
            {shown(deployment, "deploymentId"),
             shown(deployment, "projectId"),
             shown(deployment, "kind"),
             shown(deployment, "status"),
             shown(deployment, "live") == "yes" ? "live" : "",
             time_of(deployment, "createdAt"),
             duration_of(deployment)}
        );
    }
    context.terminal.table(
        {"DEPLOYMENT", "PROJECT", "KIND", "STATUS", "LIVE", "CREATED (UTC)", "TOOK"},
        rows,
        "There are no deployments; `libra deploy` makes one."
    );
    return ExitCode::success;
}

/// The whole log as it is now.
void print_log(CommandContext& context, const std::string& id, const std::string& step)
{
    std::string last_piece_end;
    const std::string query = step.empty() ? "" : "?step=" + step;
    const auto take = [&](std::string_view piece) {
        last_piece_end += piece;
        for (std::size_t end = last_piece_end.find('\n'); end != std::string::npos;
             end = last_piece_end.find('\n')) {
            context.terminal.result(
                context.json ? last_piece_end.substr(0, end)
                             : harmless(std::string_view{last_piece_end}.substr(0, end), true)
            );
            last_piece_end.erase(0, end + 1);
        }
        return true;
    };
    const Result<HttpReply> reply = context.api.follow(
        path_of(id, "/logs" + query),
        {{"Accept", context.json ? "application/x-ndjson" : "text/plain"}},
        take,
        std::chrono::minutes{5}
    );
    if (reply.has_error()) {
        throw CommandFailed{
            ExitCode::platform,
            fmt::format("The log broke off: {}.", harmless(reply.error().detail)),
            "Try again."};
    }
    if (reply->status != 200) {
        ApiClient::fail(*reply);
    }
}

ExitCode logs(CommandContext& context, const std::string& id, bool follow, const std::string& step)
{
    const std::string deployment = id_or_newest(context, id);
    if (!follow) {
        print_log(context, deployment, step);
        return ExitCode::success;
    }
    const DeploymentEnd end = watch(context, deployment, {.step = step, .log_only = true});
    if (end.status != "completed") {
        context.terminal.note(
            harmless(end.status) + (end.error.empty() ? "." : ": " + harmless(end.error))
        );
    }
    return end.exit_code();
}

ExitCode cancel(CommandContext& context, const std::string& id)
{
    const ApiAnswer answer = context.api.post(path_of(id_or_newest(context, id), "/cancel"), "");
    if (!shown_as_json(context, answer)) {
        context.terminal.note(harmless(answer.text_at("message")));
    }
    return ExitCode::success;
}

/// Watches a deployment that was just made from another one.
ExitCode see_through(CommandContext& context, const ApiAnswer& accepted, bool detached)
{
    const std::string id = accepted.text_at("deploymentId");
    if (detached) {
        if (!shown_as_json(context, accepted)) {
            context.terminal.result(id);
        }
        return ExitCode::success;
    }
    const DeploymentEnd end = watch(context, id, {.offers_cancel = true});
    if (context.json) {
        context.terminal.result(context.api.get(path_of(id)).text);
    } else {
        report_end(context, id, end);
    }
    return end.exit_code();
}

ExitCode roll_back(CommandContext& context, const std::string& to, bool detached)
{
    JsonWriter json;
    json.begin_object();
    if (!to.empty()) {
        json.key("deploymentId").text(to);
    }
    json.end_object();
    return see_through(
        context,
        context.api.post(
            fmt::format("/projects/{}/rollback", percent_encoded(context.project())), json.take()
        ),
        detached
    );
}

/// Best effort: where there is no desktop the address on the screen has to do.
void open_in_browser(const std::string& url)
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::execlp("xdg-open", "xdg-open", url.c_str(), nullptr);
        ::_exit(127);
    }
    if (child > 0) {
        ::waitpid(child, nullptr, 0);
    }
}

ExitCode open(CommandContext& context)
{
    const ApiAnswer answer = context.api.get("/projects/" + percent_encoded(context.project()));
    if (shown_as_json(context, answer)) {
        return ExitCode::success;
    }
    const std::string url = shown(answer.json.root()["project"], "url");
    context.terminal.result(harmless(url));
    const bool web = url.starts_with("http://") || url.starts_with("https://");
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread of ours changes the environment
    if (web && context.terminal.interactive() && std::getenv("DISPLAY") != nullptr) {
        open_in_browser(url);
    }
    return ExitCode::success;
}

}  // namespace

void add_deployment_commands(CLI::App& app, const Choose& choose)
{
    struct Options {
        std::string id{};
        std::string step{};
        std::string status{};
        int limit{20};
        bool follow{};
        bool everything{};
        bool detached{};
    };

    const auto add = [&](const char* name, const char* purpose, bool needs_id, bool takes_id) {
        auto options = std::make_shared<Options>();
        CLI::App* const command = app.add_subcommand(name, purpose);
        if (takes_id) {
            auto* const id = command->add_option(
                "DEPLOYMENT", options->id, needs_id ? "Its id." : "Its id; the newest if left out."
            );
            if (needs_id) {
                id->required();
            }
        }
        return std::pair{command, options};
    };
    const auto on_call = [&](CLI::App* command, Command action) {
        command->callback([choose, action = std::move(action)] { choose(action); });
    };

    {
        const auto [command, options] =
            add("status", "Show a deployment and its steps.", false, true);
        on_call(command, [options = options](CommandContext& context) {
            return show_status(context, options->id);
        });
    }
    {
        const auto [command, options] = add("logs", "Print a deployment's log.", false, true);
        command->add_flag("-f,--follow", options->follow, "Go on until the deployment ends.");
        command->add_option("--step", options->step, "Lines of this step alone.")
            ->check(CLI::IsMember(std::vector<std::string>(std::begin(k_steps), std::end(k_steps)))
            );
        on_call(command, [options = options](CommandContext& context) {
            return logs(context, options->id, options->follow, options->step);
        });
    }
    {
        const auto [command, options] =
            add("list", "List deployments, newest first.", false, false);
        command->add_option("--status", options->status, "Only those in this state.")
            ->check(CLI::IsMember({"queued", "in_progress", "completed", "failed", "cancelled"}));
        command->add_option("--limit", options->limit, "How many.")->check(CLI::Range(1, 200));
        command->add_flag("--all", options->everything, "Of all projects.");
        on_call(command, [options = options](CommandContext& context) {
            return list(context, options->status, options->limit, options->everything);
        });
    }
    {
        const auto [command, options] =
            add("cancel", "Cancel a deployment that waits or runs.", false, true);
        on_call(command, [options = options](CommandContext& context) {
            return cancel(context, options->id);
        });
    }
    for (const auto& [name, purpose] :
         {std::pair{"retry", "Deploy the files of a deployment once more."},
          std::pair{"promote", "Make the release of an earlier deployment live, at once."}}) {
        const auto [command, options] = add(name, purpose, name[0] == 'p', true);
        command->add_flag("--detach", options->detached, "Do not wait for its end.");
        on_call(
            command,
            [options = options, action = fmt::format("/{}", name)](CommandContext& context) {
                const std::string id = id_or_newest(context, options->id);
                return see_through(
                    context, context.api.post(path_of(id, action), ""), options->detached
                );
            }
        );
    }
    {
        const auto [command, options] = add(
            "rollback", "Make the release that was live before live again, at once.", false, false
        );
        command->add_option("--to", options->id, "The release of this deployment instead.");
        command->add_flag("--detach", options->detached, "Do not wait for its end.");
        on_call(command, [options = options](CommandContext& context) {
            return roll_back(context, options->id, options->detached);
        });
    }
    {
        const auto [command, options] = add(
            "open", "Print the site's address, and open it where there is a desktop.", false, false
        );
        on_call(command, [](CommandContext& context) { return open(context); });
    }
}

}  // namespace libra
