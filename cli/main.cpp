#include "cli/command_failed.hpp"
#include "cli/commands.hpp"
#include "shared/net/curl_http_client.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

namespace libra {
namespace {

struct CommonOptions {
    std::string url{};
    std::string org{};
    std::string project{};
    bool json{};
};

std::optional<std::string> given(const std::string& option)
{
    return option.empty() ? std::nullopt : std::optional{option};
}

/// The folder whose libra.json counts: the one that is deployed, else the present one.
std::filesystem::path folder_of(const CLI::App& app)
{
    const CLI::App* const deploy = app.get_subcommand("deploy");
    const CLI::Option* const folder = deploy->get_option("DIR");
    return *deploy && *folder ? std::filesystem::path{folder->as<std::string>()}
                              : std::filesystem::path{"."};
}

ExitCode run(const CLI::App& app, const CommonOptions& options, const Command& command)
{
    Interrupts interrupts;  // before any other thread
    Terminal terminal;
    SystemClock clock;
    SystemRandom random;
    CurlHttpClient http;
    try {
        const Settings settings = complete(
            {.url = given(options.url),
             .org_id = given(options.org),
             .project_id = given(options.project)},
            environment_variable,
            read_link(folder_of(app)),
            read_login(login_file(environment_variable))
        );
        ApiClient api{
            http,
            clock,
            {.url = settings.url.value_or(""), .token = settings.token.value_or("")},
            interrupts.next()};
        CommandContext context{
            .terminal = terminal,
            .api = api,
            .clock = clock,
            .random = random,
            .interrupts = interrupts,
            .settings = settings,
            .json = options.json};
        return command(context);
    } catch (const CommandFailed& failure) {
        terminal.clear_progress();
        terminal.note(terminal.shaded("libra: ", Shade::bad) + failure.what());
        if (!failure.hint().empty()) {
            terminal.note(failure.hint());
        }
        return failure.code();
    }
}

}  // namespace
}  // namespace libra

int main(int argc, char** argv)
{
    CLI::App app{"Deploys sites with Libra Deploy, and looks after them."};
    app.name("libra");
    app.set_version_flag("--version", LIBRA_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    libra::CommonOptions options;
    app.add_option("--url", options.url, "The platform's API; else LIBRA_URL or the login's.");
    app.add_option("--org", options.org, "The organisation; else LIBRA_ORG or the login's.");
    app.add_option(
        "-p,--project", options.project, "The project; else that of libra.json or LIBRA_PROJECT."
    );
    app.add_flag("--json", options.json, "Print results as the API gives them.");
    libra::Command chosen;
    const libra::Choose choose = [&](libra::Command command) { chosen = std::move(command); };
    libra::add_deploy_command(app, choose);
    libra::add_deployment_commands(app, choose);
    libra::add_project_commands(app, choose);
    libra::add_account_commands(app, choose);
    libra::add_platform_commands(app, choose);
    try {
        app.parse(argc, argv);
        return static_cast<int>(libra::run(app, options, chosen));
    } catch (const CLI::ParseError& problem) {
        // CLI11 names what is missing before it looks at what is too much.
        const std::vector<std::string> unknown = app.remaining();
        if (app.get_subcommands().empty() && !unknown.empty() && unknown.front().front() != '-') {
            std::fputs(
                ("libra: There is no command '" + unknown.front() +
                 "'; `libra --help` lists them.\n")
                    .c_str(),
                stderr
            );
            return static_cast<int>(libra::ExitCode::usage);
        }
        const bool asked_for_help = app.exit(problem) == 0;
        return static_cast<int>(asked_for_help ? libra::ExitCode::success : libra::ExitCode::usage);
    } catch (const std::exception& failure) {
        std::fputs((std::string{"libra: "} + failure.what() + '\n').c_str(), stderr);
        return static_cast<int>(libra::ExitCode::platform);
    }
}
