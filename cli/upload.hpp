#pragma once

#include "cli/command_context.hpp"
#include "cli/source_tree.hpp"

namespace libra {

/// Gives the platform those of the files that the organisation has not uploaded yet, several at a
/// time. Throws CommandFailed; then some of them may be uploaded.
void upload_missing(CommandContext& context, const std::vector<LocalFile>& files);

}  // namespace libra
