#include "cli/command_failed.hpp"
#include "cli/commands.hpp"
#include "cli/login.hpp"
#include "shared/wire/json_writer.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

namespace libra {

namespace {

ExitCode list_tokens(CommandContext& context)
{
    const ApiAnswer answer = context.api.get("/tokens?limit=200");
    if (shown_as_json(context, answer)) {
        return ExitCode::success;
    }
    std::vector<std::vector<std::string>> rows;
    for (const JsonValue& token : answer.json.root()["tokens"].GetArray()) {
        std::string scopes;
        for (const JsonValue& scope : token["scopes"].GetArray()) {
            scopes += (scopes.empty() ? "" : ",") + std::string{text_of(scope)};
        }
        const std::string expires = shown(token, "expiresAt");
        rows.push_back(
            {shown(token, "tokenId"),
             harmless(shown(token, "name")),
             scopes,
             expires.empty() ? "never" : expires,
             shown(token, "lastUsedAt")}
        );
    }
    context.terminal.table(
        {"TOKEN", "NAME", "SCOPES", "EXPIRES", "LAST USED"}, rows, "There are no tokens."
    );
    return ExitCode::success;
}

ExitCode create_token(
    CommandContext& context,
    const std::string& name,
    const std::vector<std::string>& scopes,
    int days
)
{
    JsonWriter json;
    json.begin_object().key("name").text(name).key("scopes").begin_array();
    for (const std::string& scope : scopes) {
        json.text(scope);
    }
    json.end_array();
    if (days > 0) {
        json.key("expiresInDays").number(days);
    }
    json.end_object();
    const ApiAnswer answer = context.api.post("/tokens", json.take());
    if (!shown_as_json(context, answer)) {
        context.terminal.note("Keep it well; it is not shown again.");
        context.terminal.result(answer.text_at("token"));
    }
    return ExitCode::success;
}

ExitCode show_quota(CommandContext& context)
{
    const ApiAnswer answer = context.api.get("/quota?orgId=" + percent_encoded(context.org()));
    if (shown_as_json(context, answer)) {
        return ExitCode::success;
    }
    std::vector<std::vector<std::string>> rows;
    for (const JsonValue& plan : answer.json.root()["plans"].GetArray()) {
        rows.push_back(
            {shown(plan, "plan"),
             shown(plan, "used"),
             shown(plan, "limit"),
             shown(plan, "remaining"),
             shown(plan, "resetsAt")}
        );
    }
    context.terminal.table(
        {"PLAN", "USED", "LIMIT", "LEFT", "RESETS"},
        rows,
        "The organisation has no plan; ask the platform's operators."
    );
    return ExitCode::success;
}

}  // namespace

void add_account_commands(CLI::App& app, const Choose& choose)
{
    add_login_commands(app, choose);

    CLI::App* const tokens = app.add_subcommand("tokens", "Your tokens: list, create, revoke.");
    tokens->require_subcommand(0, 1);
    tokens->callback([tokens, choose] {
        if (tokens->get_subcommands().empty()) {
            choose(list_tokens);
        }
    });
    tokens->add_subcommand("list", "List them.")->callback([choose] { choose(list_tokens); });

    struct Options {
        std::string name{};
        std::vector<std::string> scopes{"deploy"};
        int days{};
        std::string id{};
    };

    auto options = std::make_shared<Options>();
    CLI::App* const create = tokens->add_subcommand("create", "Make one; it is shown once, here.");
    create->add_option("NAME", options->name, "What it is for.")->required();
    create->add_option("--scope", options->scopes, "What it may do: read, deploy (usual), admin.")
        ->check(CLI::IsMember({"read", "deploy", "admin"}))
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    create->add_option("--days", options->days, "After how many days it ends; never if left out.")
        ->check(CLI::Range(1, 3650));
    create->callback([options, choose] {
        choose([options](CommandContext& context) {
            return create_token(context, options->name, options->scopes, options->days);
        });
    });
    CLI::App* const revoke = tokens->add_subcommand("revoke", "End one, at once.");
    revoke->add_option("TOKEN", options->id, "Its id, from `libra tokens`.")->required();
    revoke->callback([options, choose] {
        choose([options](CommandContext& context) {
            const ApiAnswer answer = context.api.remove("/tokens/" + percent_encoded(options->id));
            if (!shown_as_json(context, answer)) {
                context.terminal.note(harmless(answer.text_at("message")));
            }
            return ExitCode::success;
        });
    });

    app.add_subcommand("quota", "What the organisation may still deploy.")->callback([choose] {
        choose(show_quota);
    });
}

}  // namespace libra
