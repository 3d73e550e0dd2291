#include "deploy-worker/sandbox/disk.hpp"

#include "deploy-worker/process/run_process.hpp"
#include "deploy-worker/sandbox/host_file.hpp"
#include "deploy-worker/sandbox/image_mount.hpp"
#include "deploy-worker/sandbox/layer.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace libra {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds k_patience = 15s;

Result<void> require_space(const fs::path& directory, std::uint64_t bytes)
{
    struct statvfs info {};

    if (::statvfs(directory.c_str(), &info) != 0) {
        return Error{Errc::unavailable, errno_text("statvfs " + directory.string(), errno)};
    }
    if (const std::uint64_t free = info.f_bavail * info.f_frsize; free < bytes) {
        return Error{
            Errc::unavailable,
            "the disk of " + directory.string() + " has " + std::to_string(free >> 20U) +
                " MiB free and a sandbox may need " + std::to_string(bytes >> 20U) +
                " MiB; free some space or lower the sandbox's disk limit"};
    }
    return {};
}

Result<void> make_image(const fs::path& image, std::uint64_t bytes)
{
    const UniqueFd file{::open(image.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!file || ::ftruncate(file.native(), static_cast<off_t>(bytes)) != 0) {
        return Error{Errc::unavailable, errno_text("cannot create " + image.string(), errno)};
    }
    return {};
}

Result<void> make_directories(const SandboxPlace& place, const UidRange& users)
{
    constexpr mode_t k_private = 0700;
    constexpr mode_t k_shared = 01777;
    if (Result<void> made = make_owned_directory(place.tmp(), users.first(), k_shared); !made) {
        return made;
    }
    // npm looks for `lib` below its prefix, ~/.local, and fails if it is not there.
    for (const fs::path& path :
         {place.work(),
          place.home(),
          place.home() / ".local",
          place.home() / ".local/bin",
          place.home() / ".local/lib"}) {
        if (Result<void> made = make_owned_directory(path, users.build_user(), k_private); !made) {
            return made;
        }
    }
    return {};
}

}  // namespace

Result<void> make_owned_directory(const fs::path& path, uid_t owner, mode_t mode)
{
    if (Result<void> made = make_host_directory(path, mode); !made) {
        return made;
    }
    if (::chown(path.c_str(), owner, owner) != 0) {
        return Error{Errc::unavailable, errno_text("cannot give away " + path.string(), errno)};
    }
    return {};
}

Result<void>
mount_disk(const SandboxPlace& place, std::uint64_t bytes, const UidRange& users, Clock& clock)
{
    constexpr mode_t k_mount_point = 0711;  // the sandbox's users pass through
    if (Result<void> enough = require_space(place.directory, bytes); !enough) {
        return enough;
    }
    if (Result<void> made = make_image(place.image(), bytes); !made) {
        return made;
    }
    // The disk is thrown away after a crash, so a journal would be work for nothing, and so would
    // waiting for the host's disk be (nobarrier).
    const auto formatted = require_tool(
        {"mkfs.ext4",
         "-q",
         "-F",
         "-m",
         "0",
         "-O",
         "^has_journal",
         "-E",
         "nodiscard,lazy_itable_init=1",
         place.image().string()},
        clock,
        k_patience
    );
    if (!formatted) {
        return formatted.error();
    }
    if (Result<void> made = make_host_directory(place.disk(), k_mount_point); !made) {
        return made;
    }
    const auto mounted = require_tool(
        {"mount",
         "-o",
         "loop,nosuid,nodev,noatime,nobarrier",
         place.image().string(),
         place.disk().string()},
        clock,
        k_patience
    );
    if (!mounted) {
        return mounted.error();
    }
    return make_directories(place, users);
}

Result<void> unmount_disk(const SandboxPlace& place, Clock& clock)
{
    if (Result<void> ended = unmount_overlays(place, clock); !ended) {
        return ended;
    }
    if (Result<void> ended = unmount(place.disk(), clock); !ended) {
        return ended;
    }
    // Removing the mount point also ends the copies of the mount in other mount namespaces.
    if (::rmdir(place.disk().c_str()) != 0 && errno != ENOENT) {
        return Error{
            Errc::unavailable, errno_text("cannot remove " + place.disk().string(), errno)};
    }
    detach_loop_devices(place.image());
    return {};
}

DiskUse disk_use(const SandboxPlace& place)
{
    constexpr std::uint64_t k_few_bytes = 16U << 20U;
    constexpr std::uint64_t k_few_files = 1000;

    struct statvfs info {};

    if (::statvfs(place.disk().c_str(), &info) != 0) {
        return {};
    }
    const bool full_of_bytes = info.f_bavail * info.f_frsize < k_few_bytes;
    const bool full_of_files = info.f_favail < k_few_files;
    return {
        .used_bytes = (info.f_blocks - info.f_bfree) * info.f_frsize,
        .files = info.f_files - info.f_ffree,
        .most_files = info.f_files,
        .full = full_of_bytes || full_of_files,
        .full_of_files = full_of_files && !full_of_bytes};
}

}  // namespace libra
