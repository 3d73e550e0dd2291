#pragma once

#include "shared/base/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

/// @file What the owner of a site is told about its `_headers` and `_redirects`.

namespace libra {

/// Lines for the log: how many rules there are, and which lines of the two files do not count and
/// why, a limited number. None where the site in `directory` has neither file.
/// @return `unavailable` if the disk fails.
Result<std::vector<std::string>> rule_report(const std::filesystem::path& directory);

}  // namespace libra
