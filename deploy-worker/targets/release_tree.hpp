#pragma once

#include "shared/base/result.hpp"

#include <filesystem>
#include <string>

/// @file Directories and links of a static host, put in place so that a crash at any point leaves
/// the old state or the new one.

namespace libra {

/// Copies the directory `from` (regular files and directories only) to `to`, which must not exist
/// yet or is replaced: first under a name of its own beside `to`, then by one rename. Times are
/// kept, modes are 0644 and 0755. On return everything is on the disk.
///
/// What an earlier call for the same `to` left unfinished is removed.
/// @return `invalid_input` where `from` holds anything else; `unavailable` with the reason (disk
///         full, …).
Result<void> place_tree(const std::filesystem::path& from, const std::filesystem::path& to);

/// Makes `link` a symbolic link to `target` in one step, whatever link it was before. `unique` is
/// a file-name part that no other caller uses at the same time.
Result<void> point_link(
    const std::filesystem::path& link,
    const std::filesystem::path& target,
    const std::string& unique
);

/// Removes `link`, if it is there.
Result<void> remove_link(const std::filesystem::path& link);

}  // namespace libra
