#include "deploy-worker/sandbox/uid_range.hpp"

#include "deploy-worker/sandbox/host_file.hpp"

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <set>
#include <string>
#include <sys/file.h>

namespace libra {
namespace {

namespace fs = std::filesystem;

/// The numbers of the ranges that some process has a user id of.
std::set<int> ranges_in_use(const LocalSandboxConfig& config)
{
    std::set<int> used;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator{"/proc", gone}) {
        // Only processes have one. `Uid:` is followed by a tab and the real id.
        const std::string status = read_host_file(entry.path() / "status");
        const std::size_t line = status.find("\nUid:\t");
        // A zombie does nothing any more, and its new parent may never collect it.
        if (line == std::string::npos || status.find("\nState:\tZ") != std::string::npos) {
            continue;
        }
        uid_t uid = 0;
        std::from_chars(status.data() + line + 6, status.data() + status.size(), uid);
        if (uid >= config.first_uid) {
            used.insert(static_cast<int>((uid - config.first_uid) / k_uids_per_sandbox));
        }
    }
    return used;
}

}  // namespace

Result<UidRange> UidRange::take(const LocalSandboxConfig& config)
{
    std::error_code failed;
    fs::create_directories(config.uid_lock_directory, failed);
    if (failed) {
        return Error{
            Errc::unavailable,
            "cannot make " + config.uid_lock_directory.string() + ": " + failed.message()};
    }
    const std::set<int> used = ranges_in_use(config);
    for (int number = 0; number < config.uid_ranges; ++number) {
        if (used.contains(number)) {
            continue;
        }
        const fs::path path = config.uid_lock_directory / std::to_string(number);
        UniqueFd lock{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
        if (!lock) {
            return Error{Errc::unavailable, errno_text("cannot open " + path.string(), errno)};
        }
        if (::flock(lock.native(), LOCK_EX | LOCK_NB) == 0) {
            const auto first = config.first_uid + static_cast<uid_t>(number) * k_uids_per_sandbox;
            return UidRange{first, std::move(lock)};
        }
    }
    return Error{
        Errc::unavailable,
        "all " + std::to_string(config.uid_ranges) +
            " user id ranges are taken; raise their number"};
}

}  // namespace libra
