#pragma once

#include "cli/command_context.hpp"
#include "cli/exit_code.hpp"

#include <CLI/App.hpp>
#include <functional>

/// @file The commands, a group a file. Each adds its own to the program, with what to do when it is
/// asked for.

namespace libra {

/// What a command does. Throws CommandFailed.
using Command = std::function<ExitCode(CommandContext& context)>;

/// Takes note that `command` was asked for; it is carried out when the whole line is read.
using Choose = std::function<void(Command command)>;

void add_deploy_command(CLI::App& app, const Choose& choose);
void add_deployment_commands(CLI::App& app, const Choose& choose);
void add_project_commands(CLI::App& app, const Choose& choose);
void add_account_commands(CLI::App& app, const Choose& choose);
void add_platform_commands(CLI::App& app, const Choose& choose);

}  // namespace libra
