#pragma once

#include "deploy-worker/process/unique_fd.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <filesystem>
#include <sys/types.h>

/// @file Mounting file systems that are in a file.

namespace libra {

/// Mounts the ext4 image `image` read-only at the directory `at`. The loop device is the mount's
/// alone and goes with it.
/// @return `rejected` if it holds no file system the kernel takes; `unavailable`.
Result<void> mount_image(const std::filesystem::path& image, const std::filesystem::path& at);

/// Replaces the mount at `at` by one in which the files of the 65,536 ids from `stored` on belong
/// to those from `shown` on.
/// @return `unavailable` where the kernel cannot do that.
Result<void> shift_owners(const std::filesystem::path& at, uid_t stored, uid_t shown);

/// Unmounts what is mounted at `at`; nothing happens if nothing is. Waits up to 2 s for its users.
Result<void> unmount(const std::filesystem::path& at, Clock& clock);

/// Frees the loop devices of `image`. The kernel does so itself at the last unmount; a worker
/// killed halfway through mounting leaves one attached and not mounted.
void detach_loop_devices(const std::filesystem::path& image);

/// Whether a loop device has `image`.
bool attached(const std::filesystem::path& image);

}  // namespace libra
