#pragma once

#include <CLI/App.hpp>
#include <string>
#include <string_view>

namespace libra {

/// A script for `bash`, `zsh` or `fish` that completes the commands and options of `app`.
std::string completion_script(const CLI::App& app, std::string_view shell);

}  // namespace libra
