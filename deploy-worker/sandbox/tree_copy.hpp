#pragma once

#include "shared/base/result.hpp"

#include <cstdint>
#include <optional>
#include <sys/types.h>

/// @file Copying a directory tree when one of the two sides is hostile.

namespace libra {

struct TreeCopyRules {
    /// Out of a sandbox: links and special files, and names that no address can have, are refused.
    /// Into one: links and special files are left out.
    bool publish{true};
    std::uint64_t entries{UINT64_MAX};  // files and directories
    std::uint64_t bytes{UINT64_MAX};
    std::uint64_t file_bytes{UINT64_MAX};
    std::optional<uid_t> owner{};  // of everything copied, user and group
};

/// Copies regular files and directories from the open directory `from` to the open directory
/// `into`, 64 levels deep at most. Of the mode only the right to execute is kept. A file that is in
/// the way is replaced, never written through.
///
/// @return `rejected` for another kind of file or name, with its path and what it is;
///         `limit_exceeded` for what breaks the rules, with its path, and for a full sandbox's
///         disk; `unavailable` for any other failure. Part of the tree has been copied by then.
Result<void> copy_tree(int from, int into, const TreeCopyRules& rules);

}  // namespace libra
