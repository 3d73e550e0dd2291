#include "deploy-worker/process/worker_identity.hpp"

#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace libra {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// A lock on a file that was removed meanwhile says nothing: others lock the file that is there
/// now.
bool is_file_at(const UniqueFd& file, const fs::path& path)
{
    struct stat held {};

    struct stat there {};

    return ::fstat(file.native(), &held) == 0 && ::lstat(path.c_str(), &there) == 0 &&
           held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

/// @return nothing if another process has it, or the file was removed at this moment.
Result<std::optional<UniqueFd>> try_lock(const fs::path& path)
{
    UniqueFd lock{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!lock) {
        return Error{Errc::unavailable, errno_text("cannot open " + path.string(), errno)};
    }
    if (::flock(lock.native(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            return std::optional<UniqueFd>{};
        }
        return Error{Errc::unavailable, errno_text("cannot lock " + path.string(), errno)};
    }
    return is_file_at(lock, path) ? std::optional{std::move(lock)} : std::nullopt;
}

std::vector<std::string> known_ids(const fs::path& directory)
{
    std::vector<std::string> ids;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator{directory, gone}) {
        if (entry.is_regular_file(gone)) {
            ids.push_back(entry.path().filename().string());
        }
    }
    return ids;
}

}  // namespace

Result<WorkerIdentity> WorkerIdentity::take(
    const fs::path& directory,
    const std::string& id,
    Clock& clock,
    std::chrono::milliseconds patience,
    const std::stop_token& stop
)
{
    std::error_code failed;
    fs::create_directories(directory, failed);
    const Instant deadline = clock.now() + patience;
    do {
        Result<std::optional<UniqueFd>> lock = try_lock(directory / id);
        if (!lock) {
            return lock.error();
        }
        if (*lock) {
            return WorkerIdentity{directory, id, **std::move(lock)};
        }
    } while (clock.now() < deadline && clock.wait_for(50ms, stop));
    return Error{
        Errc::conflict,
        "another worker runs with the id `" + id +
            "` and the same WORK_ROOT; give each its own id"};
}

Result<void> WorkerIdentity::clear_dead(const Clear& clear) const
{
    std::string failures;
    const auto note = [&failures](const Result<void>& outcome) {
        if (!outcome) {
            failures += (failures.empty() ? "" : "; ") + outcome.error().detail;
        }
        return outcome.has_value();
    };
    for (const std::string& id : known_ids(directory_)) {
        if (id == id_) {
            continue;
        }
        const Result<std::optional<UniqueFd>> dead = try_lock(directory_ / id);
        if (!dead) {
            note(dead.error());
        } else if (*dead && note(clear(id))) {
            ::unlink((directory_ / id).c_str());  // while it is locked: see is_file_at
        }
    }
    return failures.empty() ? Result<void>{} : Error{Errc::unavailable, failures};
}

}  // namespace libra
