#pragma once

#include <optional>
#include <string>
#include <string_view>

/// @file Where the programs of the host are.

namespace libra {

/// The value of PATH for the programs that the worker itself runs.
constexpr std::string_view k_tool_path =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The executable file that `name` stands for: itself if it has a slash, otherwise the first match
/// in `k_tool_path`.
std::optional<std::string> program_path(const std::string& name);

}  // namespace libra
