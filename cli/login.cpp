#include "cli/login.hpp"

#include "cli/command_failed.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

namespace libra {

namespace {

std::string read_token(const CommandContext& context)
{
    if (context.terminal.interactive()) {
        return context.terminal.ask("Token: ", true);
    }
    std::string line;
    std::getline(std::cin, line);
    return line;
}

/// The one that is named, else the only one there is.
std::optional<std::string> org_of(const CommandContext& context, const JsonValue& me)
{
    if (context.settings.org_id) {
        return context.settings.org_id;
    }
    const JsonValue& organizations = me["organizations"];
    if (organizations.Size() == 1) {
        return shown(organizations[0], "orgId");
    }
    return std::nullopt;
}

ExitCode log_in(CommandContext& context, const std::string& url)
{
    Settings login{.url = url.empty() ? context.api.url() : url};
    while (login.url->ends_with('/')) {
        login.url->pop_back();
    }
    if (login.url->empty()) {
        throw CommandFailed{
            ExitCode::usage,
            "It is not known which platform is meant.",
            "Name its address: libra login https://deploy.example.com"};
    }
    login.token = read_token(context);
    if (login.token->empty()) {
        throw CommandFailed{
            ExitCode::usage,
            "There is no token.",
            "Type it when asked, or pipe it: libra login URL < token-file"};
    }
    ApiClient platform = context.api.as({.url = *login.url, .token = *login.token});
    const ApiAnswer me = platform.get("/me");
    login.org_id = org_of(context, me.json.root());
    write_login(login_file(environment_variable), login);
    if (shown_as_json(context, me)) {
        return ExitCode::success;
    }
    context.terminal.note(
        fmt::format("Logged in to {} as {}.", harmless(*login.url), harmless(me.text_at("userId")))
    );
    if (!login.org_id) {
        context.terminal.note("Name the organisation you work for with --org or LIBRA_ORG.");
    }
    return ExitCode::success;
}

ExitCode log_out(CommandContext& context)
{
    std::error_code failed;
    const bool gone = std::filesystem::remove(login_file(environment_variable), failed);
    if (failed) {
        throw CommandFailed{
            ExitCode::usage, fmt::format("The login cannot be removed: {}.", failed.message())};
    }
    context.terminal.note(
        gone ? "Logged out. The token is still good; `libra tokens revoke` ends one."
             : "Nobody was logged in."
    );
    return ExitCode::success;
}

ExitCode show_caller(CommandContext& context)
{
    const ApiAnswer me = context.api.get("/me");
    if (shown_as_json(context, me)) {
        return ExitCode::success;
    }
    context.terminal.result(
        fmt::format("{} at {}", harmless(me.text_at("userId")), harmless(context.api.url()))
    );
    std::vector<std::vector<std::string>> rows;
    for (const JsonValue& organization : me.json.root()["organizations"].GetArray()) {
        rows.push_back(
            {shown(organization, "orgId"),
             harmless(shown(organization, "name")),
             shown(organization, "role")}
        );
    }
    context.terminal.table({"ORGANISATION", "NAME", "ROLE"}, rows, "A member of no organisation.");
    return ExitCode::success;
}

}  // namespace

void add_login_commands(CLI::App& app, const Choose& choose)
{
    auto url = std::make_shared<std::string>();
    CLI::App* const login = app.add_subcommand(
        "login",
        "Keep a platform's address and your token, which is asked for or read from standard "
        "input."
    );
    login->add_option("URL", *url, "The address of the platform's API.");
    login->callback([url, choose] {
        choose([url](CommandContext& context) { return log_in(context, *url); });
    });
    app.add_subcommand("logout", "Forget them.")->callback([choose] { choose(log_out); });
    app.add_subcommand("whoami", "Who you are, and of which organisations.")->callback([choose] {
        choose(show_caller);
    });
}

}  // namespace libra
