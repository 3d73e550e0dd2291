#include "deploy-worker/sandbox/layer.hpp"

#include "deploy-worker/process/run_process.hpp"
#include "deploy-worker/sandbox/disk.hpp"
#include "deploy-worker/sandbox/host_file.hpp"
#include "deploy-worker/sandbox/image_mount.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace libra {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::array k_parts{"work", "home"};
constexpr mode_t k_closed = 0700;
constexpr mode_t k_passage = 0711;

/// The first user id of the sandbox that made the layer.
Result<uid_t> first_uid_of(const fs::path& layer)
{
    uid_t owner{};
    for (const char* part : k_parts) {
        struct stat info {};

        if (::lstat((layer / part).c_str(), &info) != 0 || !S_ISDIR(info.st_mode) ||
            info.st_uid < k_build_uid) {
            return Error{Errc::rejected, layer.string() + " has no `" + part + "`"};
        }
        owner = info.st_uid;
    }
    return owner - k_build_uid;
}

/// A path as a part of overlayfs' options, where commas and colons separate.
std::string escaped(const fs::path& path)
{
    std::string text;
    for (const char c : path.string()) {
        if (c == ',' || c == ':' || c == '\\') {
            text += '\\';
        }
        text += c;
    }
    return text;
}

const std::vector<fs::path>& of_part(const Lowers& lowers, std::string_view part)
{
    return part == "work" ? lowers.work : lowers.home;
}

Result<void> mount_overlay(
    const SandboxPlace& place,
    const std::string& part,
    const std::vector<fs::path>& lowers,
    const UidRange& users
)
{
    const fs::path upper = place.disk() / "upper";
    const fs::path scratch = place.disk() / "scratch";
    for (const fs::path& directory : {upper, scratch, scratch / part}) {
        if (Result<void> made = make_host_directory(directory, k_closed); !made) {
            return made;
        }
    }
    if (Result<void> made = make_owned_directory(upper / part, users.build_user(), k_closed);
        !made) {
        return made;
    }
    std::string options = "lowerdir=";
    for (const fs::path& lower : lowers) {
        options += (&lower == lowers.data() ? "" : ":") + escaped(lower);
    }
    // The upper directory is never used again, so nothing has to wait for the disk (volatile).
    options += ",upperdir=" + escaped(upper / part) + ",workdir=" + escaped(scratch / part) +
               ",redirect_dir=on,volatile";
    const fs::path target = place.disk() / part;
    constexpr unsigned long k_flags = MS_NOSUID | MS_NODEV | MS_NOATIME;
    if (::mount("overlay", target.c_str(), "overlay", k_flags, options.c_str()) != 0) {
        return Error{Errc::unavailable, errno_text("no overlay at " + target.string(), errno)};
    }
    return {};
}

/// Nothing runs in either place, so links cannot change under the tool.
Result<void> copy_over(
    const fs::path& target,
    const std::vector<fs::path>& lowers,
    const UidRange& users,
    Clock& clock
)
{
    constexpr std::chrono::milliseconds k_patience = 300s;
    const std::string owner = std::to_string(users.build_user());
    for (auto lower = lowers.rbegin(); lower != lowers.rend(); ++lower) {
        const auto copied = require_tool(
            {"cp", "--archive", "--", lower->string() + "/.", target.string()}, clock, k_patience
        );
        if (!copied) {
            return copied.error();
        }
    }
    const auto given = require_tool(
        {"chown", "--recursive", "--no-dereference", owner + ':' + owner, target.string()},
        clock,
        k_patience
    );
    return given ? Result<void>{} : given.error();
}

/// The directory of a layer, once its image is mounted.
Result<fs::path> mount_one(
    const SandboxPlace& place,
    std::size_t number,
    const fs::path& image,
    const UidRange& users
)
{
    const fs::path own = place.base_image(number);
    const fs::path at = place.base(number);
    if (::link(image.c_str(), own.c_str()) != 0) {
        return Error{
            errno == ENOENT ? Errc::rejected : Errc::unavailable,
            errno_text("cannot use " + image.string(), errno)};
    }
    if (Result<void> made = make_host_directory(at, k_passage); !made) {
        return made.error();
    }
    if (Result<void> mounted = mount_image(own, at); !mounted) {
        return mounted.error();
    }
    const Result<uid_t> stored = first_uid_of(at / "layer");
    if (!stored) {
        return stored.error();
    }
    if (*stored != users.first()) {
        if (Result<void> shifted = shift_owners(at, *stored, users.first()); !shifted) {
            return shifted.error();
        }
    }
    return at / "layer";
}

/// @return whether anything of `directory` was kept.
bool prune(
    const fs::path& directory,
    const std::vector<std::string>& names,
    std::error_code& failed
)
{
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator at{directory, failed}, end; !failed && at != end;
         at.increment(failed)) {
        entries.push_back(*at);
    }
    bool kept = false;
    for (const fs::directory_entry& entry : entries) {
        if (failed) {
            return true;
        }
        const bool named =
            std::find(names.begin(), names.end(), entry.path().filename()) != names.end();
        const bool inner = entry.symlink_status(failed).type() == fs::file_type::directory;
        if (named || (inner && prune(entry.path(), names, failed))) {
            kept = true;
        } else if (!failed) {
            fs::remove(entry.path(), failed);
        }
    }
    return kept;
}

/// What was removed from the disk goes back to the host.
void trim(const fs::path& disk)
{
    const UniqueFd top{::open(disk.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    fstrim_range range{};
    range.len = UINT64_MAX;
    ::ioctl(top.native(), FITRIM, &range);
}

}  // namespace

Result<Lowers>
mount_images(const SandboxPlace& place, const SandboxSpec& spec, const UidRange& users)
{
    std::vector<fs::path> images = spec.homes;
    if (spec.base) {
        images.insert(images.begin(), *spec.base);
    }
    Lowers lowers;
    for (std::size_t number = 0; number < images.size(); ++number) {
        const Result<fs::path> layer = mount_one(place, number, images[number], users);
        if (!layer) {
            return layer.error();
        }
        lowers.home.push_back(*layer / "home");
        if (spec.base && number == 0) {
            lowers.work.push_back(*layer / "work");
        }
    }
    return lowers;
}

Result<void> lay_over(
    const SandboxPlace& place,
    const Lowers& lowers,
    const UidRange& users,
    bool overlay,
    Clock& clock
)
{
    for (const char* part : k_parts) {
        const std::vector<fs::path>& below = of_part(lowers, part);
        if (below.empty() || (overlay && mount_overlay(place, part, below, users))) {
            continue;
        }
        if (Result<void> copied = copy_over(place.disk() / part, below, users, clock); !copied) {
            return copied;
        }
    }
    return {};
}

Result<void> keep_only(const fs::path& directory, const std::vector<std::string>& names)
{
    std::error_code failed;
    prune(directory, names, failed);
    return failed ? Error{Errc::unavailable, "cannot clear the base: " + failed.message()}
                  : Result<void>{};
}

Result<void>
set_layer_aside(const SandboxPlace& place, Lowers& lowers, const UidRange& users, Clock& clock)
{
    if (Result<void> ended = unmount_overlays(place, clock); !ended) {
        return ended;
    }
    if (Result<void> made = make_host_directory(place.layer(), k_passage); !made) {
        return made;
    }
    for (const char* part : k_parts) {
        std::error_code failed;
        const fs::path written = place.disk() / "upper" / part;
        const bool overlaid = fs::exists(written, failed);
        const fs::path from = overlaid ? written : place.disk() / part;
        const fs::path to = place.layer() / part;
        // What is marked as in use by the last overlay cannot be used by another.
        fs::remove_all(place.disk() / "scratch" / part, failed);
        if (failed || ::rename(from.c_str(), to.c_str()) != 0) {
            return Error{Errc::unavailable, errno_text("cannot move " + from.string(), errno)};
        }
        if (Result<void> made =
                make_owned_directory(place.disk() / part, users.build_user(), k_closed);
            !made) {
            return made;
        }
    }
    lowers.work.insert(lowers.work.begin(), place.layer() / "work");
    lowers.home.insert(lowers.home.begin(), place.layer() / "home");
    return {};
}

Result<void> take_image(const SandboxPlace& place, const fs::path& image, Clock& clock)
{
    if (Result<void> ended = unmount_overlays(place, clock); !ended) {
        return ended;
    }
    for (const char* name : {"work", "home", "tmp", "upper", "scratch"}) {
        std::error_code failed;
        fs::remove_all(place.disk() / name, failed);
        if (failed) {
            return Error{Errc::unavailable, "cannot empty the image: " + failed.message()};
        }
    }
    trim(place.disk());
    if (Result<void> unmounted = unmount_disk(place, clock); !unmounted) {
        return unmounted;
    }
    // The kernel's last user of the file system may be a moment behind.
    const Instant deadline = clock.now() + 2s;
    while (attached(place.image())) {
        if (clock.now() >= deadline) {
            return Error{Errc::unavailable, place.image().string() + " is still mounted"};
        }
        clock.wait_for(5ms, {});
    }
    if (::rename(place.image().c_str(), image.c_str()) != 0) {
        return Error{Errc::unavailable, errno_text("cannot keep " + image.string(), errno)};
    }
    return {};
}

Result<void> unmount_overlays(const SandboxPlace& place, Clock& clock)
{
    for (const char* part : k_parts) {
        if (Result<void> ended = unmount(place.disk() / part, clock); !ended) {
            return ended;
        }
    }
    return {};
}

Result<void> unmount_images(const SandboxPlace& place, Clock& clock)
{
    std::error_code gone;
    for (std::size_t number = 0; fs::exists(place.base_image(number), gone); ++number) {
        const fs::path at = place.base(number);
        if (Result<void> ended = unmount(at, clock); !ended) {
            return ended;
        }
        if (::rmdir(at.c_str()) != 0 && errno != ENOENT) {
            return Error{Errc::unavailable, errno_text("cannot remove " + at.string(), errno)};
        }
        detach_loop_devices(place.base_image(number));
    }
    return {};
}

}  // namespace libra
