#include "cli/completion.hpp"

#include "cli/commands.hpp"

#include <catch2/catch.hpp>

#include <CLI/CLI.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;

TEST_CASE("every shell's script knows every command and option")
{
    CLI::App app{"test"};
    const Choose ignore = [](const Command&) {};
    add_deploy_command(app, ignore);
    add_deployment_commands(app, ignore);
    add_project_commands(app, ignore);
    add_account_commands(app, ignore);
    add_platform_commands(app, ignore);

    for (const char* shell : {"bash", "zsh", "fish"}) {
        const std::string script = completion_script(app, shell);
        for (const char* word :
             {"deploy", "rollback", "dlq", "requeue", "on-conflict", "follow", "projects create"}) {
            CAPTURE(shell, word);
            CHECK_THAT(script, Contains(word));
        }
    }
}

}  // namespace
}  // namespace libra
