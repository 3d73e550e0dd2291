#pragma once

#include "deploy-worker/sandbox/sandbox_place.hpp"
#include "deploy-worker/sandbox/uid_range.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <cstdint>
#include <filesystem>

/// @file A sandbox's disk: an ext4 file system in a sparse file, which is what limits it.

namespace libra {

/// Makes and mounts the disk, with `work`, `home` and `tmp` on it, some 30 ms.
/// @return `unavailable`, also when the host has less free space than `bytes`.
Result<void>
mount_disk(const SandboxPlace& place, std::uint64_t bytes, const UidRange& users, Clock& clock);

/// Makes the directory with this mode, or takes the one that is there, and gives it to `owner`.
Result<void> make_owned_directory(const std::filesystem::path& path, uid_t owner, mode_t mode);

/// Unmounts the disk, with any overlay on it, and frees its loop device. Nothing happens if there
/// is none. Waits up to 2 s.
Result<void> unmount_disk(const SandboxPlace& place, Clock& clock);

struct DiskUse {
    std::uint64_t used_bytes{};
    std::uint64_t files{};       // and directories
    std::uint64_t most_files{};  // for which the disk was made
    bool full{};                 // of bytes or of files
    bool full_of_files{};        // where bytes are left
};

/// Full is when less than 16 MiB or 1,000 files are left: package managers remove what they were
/// writing when a disk fills up, so the last byte is rarely gone by the time one looks.
DiskUse disk_use(const SandboxPlace& place);

}  // namespace libra
