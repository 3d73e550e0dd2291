#pragma once

#include "cli/command_context.hpp"
#include "cli/exit_code.hpp"

namespace libra {

/// Looks at what stands between the user and a deployment, one thing after the other, and says of
/// each whether it is well and, if not, what to do.
ExitCode examine(CommandContext& context);

}  // namespace libra
