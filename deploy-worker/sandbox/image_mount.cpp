#include "deploy-worker/sandbox/image_mount.hpp"

#include "deploy-worker/sandbox/host_file.hpp"
#include "deploy-worker/sandbox/uid_range.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <linux/loop.h>
#include <sched.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace libra {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

Error host_failure(std::string_view what, int code)
{
    return {Errc::unavailable, errno_text(what, code)};
}

/// A free loop device with `image` in it; it is freed when the last user closes it.
Result<UniqueFd> attach(const fs::path& image, std::string& device)
{
    constexpr int k_most_attempts = 50;  // others of the host look for one too
    const UniqueFd backing{::open(image.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    const UniqueFd control{::open("/dev/loop-control", O_RDWR | O_CLOEXEC)};
    if (!backing || !control) {
        return host_failure(backing ? "/dev/loop-control" : image.string(), errno);
    }
    for (int attempt = 0; attempt < k_most_attempts; ++attempt) {
        const int number = ::ioctl(control.native(), LOOP_CTL_GET_FREE);
        if (number < 0) {
            break;
        }
        device = "/dev/loop" + std::to_string(number);
        UniqueFd loop{::open(device.c_str(), O_RDONLY | O_CLOEXEC)};
        loop_config config{};
        config.fd = static_cast<__u32>(backing.native());
        config.info.lo_flags = LO_FLAGS_READ_ONLY | LO_FLAGS_AUTOCLEAR;
        if (loop && ::ioctl(loop.native(), LOOP_CONFIGURE, &config) == 0) {
            return loop;
        }
        if (loop && errno != EBUSY) {
            break;
        }
    }
    return host_failure("no loop device for " + image.string(), errno);
}

/// Gives a user namespace its ids and its end, whatever happens.
class NamespaceHolder {
public:
    NamespaceHolder()
    {
        // The bare call: glibc's clone() wants a stack, and fork() could not make the namespace.
        pid_ = static_cast<pid_t>(
            ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr, nullptr, nullptr, nullptr)
        );
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            while (true) {
                ::pause();
            }
        }
    }

    NamespaceHolder(const NamespaceHolder&) = delete;
    NamespaceHolder& operator=(const NamespaceHolder&) = delete;

    ~NamespaceHolder()
    {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
            }
        }
    }

    Result<UniqueFd> with_ids(uid_t stored, uid_t shown) const
    {
        if (pid_ <= 0) {
            return host_failure("no user namespace", errno);
        }
        const fs::path process = "/proc/" + std::to_string(pid_);
        const std::string ids = std::to_string(stored) + ' ' + std::to_string(shown) + ' ' +
                                std::to_string(k_uids_per_sandbox);
        for (const char* map : {"uid_map", "gid_map"}) {
            if (Result<void> written = write_host_file(process / map, ids, 0); !written) {
                return written.error();
            }
        }
        UniqueFd space{::open((process / "ns/user").c_str(), O_RDONLY | O_CLOEXEC)};
        if (!space) {
            return host_failure("no user namespace", errno);
        }
        return space;
    }

private:
    pid_t pid_{-1};
};

}  // namespace

Result<void> mount_image(const fs::path& image, const fs::path& at)
{
    std::string device;
    const Result<UniqueFd> loop = attach(image, device);
    if (!loop) {
        return loop.error();
    }
    constexpr unsigned long k_flags = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOATIME;
    if (::mount(device.c_str(), at.c_str(), "ext4", k_flags, "noload") != 0) {
        const int code = errno;
        const bool damaged = code == EINVAL || code == EIO || code == EUCLEAN || code == EBADMSG;
        return Error{
            damaged ? Errc::rejected : Errc::unavailable,
            errno_text("cannot mount " + image.string(), code)};
    }
    return {};
}

Result<void> shift_owners(const fs::path& at, uid_t stored, uid_t shown)
{
    const NamespaceHolder holder;
    const Result<UniqueFd> ids = holder.with_ids(stored, shown);
    if (!ids) {
        return ids.error();
    }
    const UniqueFd copy{::open_tree(AT_FDCWD, at.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)};
    mount_attr attributes{};
    attributes.attr_set = MOUNT_ATTR_IDMAP;
    attributes.userns_fd = static_cast<__u64>(ids->native());
    if (!copy ||
        ::mount_setattr(copy.native(), "", AT_EMPTY_PATH, &attributes, sizeof attributes) != 0) {
        return host_failure("no mount with other owners", errno);
    }
    if (::umount2(at.c_str(), UMOUNT_NOFOLLOW) != 0 ||
        ::move_mount(copy.native(), "", AT_FDCWD, at.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0) {
        return host_failure("cannot mount at " + at.string(), errno);
    }
    return {};
}

Result<void> unmount(const fs::path& at, Clock& clock)
{
    const Instant deadline = clock.now() + 2s;
    while (::umount2(at.c_str(), UMOUNT_NOFOLLOW) != 0 && errno == EBUSY) {
        if (clock.now() >= deadline) {
            return Error{Errc::unavailable, at.string() + " is still in use"};
        }
        clock.wait_for(5ms, {});
    }
    return {};
}

namespace {

std::vector<fs::path> loop_devices(const fs::path& image)
{
    std::vector<fs::path> devices;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator{"/sys/block", gone}) {
        const std::string backing = read_host_file(entry.path() / "loop/backing_file");
        if (backing.starts_with(image.string() + '\n') ||
            backing.starts_with(image.string() + ' ')) {
            devices.push_back("/dev" / entry.path().filename());
        }
    }
    return devices;
}

}  // namespace

void detach_loop_devices(const fs::path& image)
{
    for (const fs::path& device : loop_devices(image)) {
        const UniqueFd loop{::open(device.c_str(), O_RDONLY | O_CLOEXEC)};
        ::ioctl(loop.native(), LOOP_CLR_FD);
    }
}

bool attached(const fs::path& image)
{
    return !loop_devices(image).empty();
}

}  // namespace libra
