#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

/// @file What is taken away from a static host, so that a crash at any point leaves a release that
/// is whole or none. Any number of processes may do this at the same time.

namespace libra {

/// The names below `releases`, without what is being made or removed.
Result<std::vector<std::string>> list_releases(const std::filesystem::path& releases);

/// Removes the directory `release`: first its name, which is one step, then what is in it.
Result<void> discard_tree(const std::filesystem::path& release);

/// Removes what was being made or removed below `releases` and was left alone since `before`.
Result<void>
clear_half_made(const std::filesystem::path& releases, UtcTime before, const std::stop_token& stop);

/// Removes the hosts below `sites_root` whose name has `--` (previews have) and that lead nowhere.
Result<void>
remove_dead_previews(const std::filesystem::path& sites_root, const std::stop_token& stop);

}  // namespace libra
