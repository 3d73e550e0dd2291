#pragma once

#include "deploy-worker/sandbox/sandbox.hpp"

#include <optional>
#include <string>
#include <vector>

/// @file Where in the sandbox a build has left the site.

namespace libra {

/// The first of `candidates` that holds an index.html, looking inside the sandbox; nothing if none
/// does. A segment `*` stands for any one directory, the first in order that fits.
/// @return the sandbox's own errors.
Result<std::optional<std::string>>
find_output_directory(Sandbox& sandbox, const std::vector<std::string>& candidates);

}  // namespace libra
