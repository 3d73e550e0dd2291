#pragma once

#include "cli/commands.hpp"

namespace libra {

/// `login`, `logout` and `whoami`.
void add_login_commands(CLI::App& app, const Choose& choose);

}  // namespace libra
