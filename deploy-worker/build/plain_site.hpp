#pragma once

#include "shared/domain/failure.hpp"

#include <filesystem>
#include <string_view>

/// @file A project that is served as it is: which of its files are the site.

namespace libra {

/// False for what belongs to the project but not to its visitors: names that begin with a dot, at
/// any depth (`.env`, `.github/…`; `.well-known/` is the exception), and at the top package.json,
/// lock files and the settings of package managers.
bool is_served(std::string_view path);

/// Copies the served files below `tree` into the empty directory `into`, which then is the
/// caller's to hand to `finish_artifact`; `tree` is left as it was.
/// @return a user failure (`output_rejected`) or a transient one (disk).
Outcome<void> copy_plain_site(const std::filesystem::path& tree, const std::filesystem::path& into);

}  // namespace libra
