#pragma once

#include "deploy-worker/blobs/blob_store.hpp"
#include "deploy-worker/targets/target.hpp"
#include "shared/base/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

/// @file Directories and links of a static host, put in place so that a crash at any point leaves
/// the old state or the new one.

namespace libra {

/// Makes `to` a directory of `files`, in whatever order they come, or replaces it: first under a
/// name of its own beside `to`, then by one rename. On return everything is on the disk.
///
/// A content that `blobs` has is linked, which costs neither bytes nor a wait for the disk; the
/// rest is linked from its source where that is on the same disk, else copied with its time, and
/// kept in `blobs`. Modes are 0644 and 0755. Sources stay where they are and must not be written to
/// again.
///
/// What an earlier call for the same `to` left unfinished is removed.
/// @return `invalid_input` where a source is no regular file or a path leads out of `to`;
///         `unavailable` with the reason (disk full, …).
Result<void> place_tree(
    const std::vector<ReleaseFile>& files,
    const std::filesystem::path& to,
    const BlobStore& blobs
);

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
