#include "deploy-worker/cache/cache_store.hpp"

#include "deploy-worker/cache/entry_file.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace libra {

namespace {

namespace fs = std::filesystem;

constexpr mode_t k_closed = 0700;
constexpr std::array k_kinds{
    CacheKind::dependencies,
    CacheKind::downloads,
    CacheKind::frameworks,
    CacheKind::tools};
constexpr std::uint64_t k_block_bytes = 512;
constexpr char k_mark = '~';  // no worker's id has one

std::string read_text(const fs::path& path)
{
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

struct Size {
    std::uint64_t bytes{};         // on the disk
    std::uint64_t content_size{};  // of a file
};

std::optional<Size> size_of(const fs::path& content)
{
    struct stat info {};

    if (::lstat(content.c_str(), &info) != 0) {
        return std::nullopt;
    }
    Size size{.bytes = static_cast<std::uint64_t>(info.st_blocks) * k_block_bytes};
    if (S_ISREG(info.st_mode)) {
        size.content_size = static_cast<std::uint64_t>(info.st_size);
        return size;
    }
    std::error_code failed;
    for (fs::recursive_directory_iterator at{content, failed}, end; !failed && at != end;
         at.increment(failed)) {
        if (::lstat(at->path().c_str(), &info) == 0) {
            size.bytes += static_cast<std::uint64_t>(info.st_blocks) * k_block_bytes;
        }
    }
    return failed ? std::nullopt : std::optional{size};
}

/// What `find` promises of the content, beyond what only its user can see.
bool intact(const fs::path& directory, const EntryFacts& facts, const std::string& boot)
{
    struct stat info {};

    if (::lstat((directory / "content").c_str(), &info) != 0) {
        return false;
    }
    const bool whole = S_ISDIR(info.st_mode)
                           ? facts.content_size == 0
                           : S_ISREG(info.st_mode) &&
                                 static_cast<std::uint64_t>(info.st_size) == facts.content_size;
    std::error_code gone;
    return whole && (facts.boot == boot || fs::exists(directory / "settled", gone));
}

bool make_directories(const fs::path& path)
{
    std::error_code failed;
    fs::create_directories(path, failed);
    return !failed && ::chmod(path.c_str(), k_closed) == 0;
}

bool write_text(const fs::path& path, const std::string& text)
{
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file << text;
    file.close();
    return static_cast<bool>(file);
}

/// Links, which a framework's cache may have, go to the disk with their directory.
bool flush(const fs::path& path)
{
    const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    return file ? ::fsync(file.native()) == 0 : errno == ELOOP;
}

/// Not syncfs: it would wait for all that builds have written lately.
bool flush_all(const fs::path& content)
{
    std::error_code failed;
    if (fs::is_directory(fs::symlink_status(content, failed))) {
        for (fs::recursive_directory_iterator at{content, failed}, end; !failed && at != end;
             at.increment(failed)) {
            if (!flush(at->path())) {
                return false;
            }
        }
    }
    return !failed && flush(content);
}

UniqueFd open_entry(const fs::path& directory)
{
    return UniqueFd{::open((directory / "entry").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
}

void set_used(const UniqueFd& entry, UtcTime now)
{
    const auto since = now.time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    timespec when{};
    when.tv_sec = seconds.count();
    when.tv_nsec = std::chrono::nanoseconds{since - seconds}.count();
    const std::array times{when, when};
    ::futimens(entry.native(), times.data());
}

std::int64_t used(const struct stat& info)
{
    constexpr std::int64_t k_nanoseconds = 1'000'000'000;
    return info.st_mtim.tv_sec * k_nanoseconds + info.st_mtim.tv_nsec;
}

}  // namespace

CacheStore::CacheStore(CacheConfig config, Clock& clock, Log log)
    : config_{std::move(config)},
      clock_{clock},
      log_{std::move(log)},
      boot_{read_text("/proc/sys/kernel/random/boot_id")}
{
    boot_.erase(std::remove(boot_.begin(), boot_.end(), '\n'), boot_.end());
}

fs::path CacheStore::directory_of(CacheKind kind, const Digest& key) const
{
    return config_.root / to_string(kind) / key.hex();
}

/// A path below `new` that nobody has.
fs::path CacheStore::unfinished()
{
    static std::atomic<unsigned> count{0};
    return config_.root / "new" /
           (config_.worker_id + k_mark + std::to_string(::getpid()) + '-' + std::to_string(++count)
           );
}

std::optional<CacheEntry> CacheStore::find(CacheKind kind, const Digest& key)
{
    const fs::path directory = directory_of(kind, key);
    UniqueFd lock = open_entry(directory);
    std::error_code gone;
    if (!lock && !fs::exists(directory, gone)) {
        return std::nullopt;
    }
    const auto facts = decode_entry(read_text(directory / "entry"));
    if (!lock || !facts || !intact(directory, *facts, boot_)) {
        drop(kind, key, "it is not as it was written down");
        return std::nullopt;
    }
    if (::flock(lock.native(), LOCK_SH | LOCK_NB) != 0) {
        return std::nullopt;  // it is being removed
    }
    set_used(lock, clock_.utc_now());
    return CacheEntry{
        .key = key,
        .content = directory / "content",
        .bytes = facts->bytes,
        .made = facts->made,
        .cost = facts->cost,
        .lock = std::move(lock)};
}

void CacheStore::drop(CacheKind kind, const Digest& key, std::string_view reason)
{
    log_.warning(
        "a damaged cache entry was removed",
        {{"kind", std::string{to_string(kind)}},
         {"key", key.hex()},
         {"reason", std::string{reason}}}
    );
    remove(directory_of(kind, key));
}

void CacheStore::remove(const fs::path& directory)
{
    const fs::path away = unfinished();
    std::error_code failed;
    make_directories(away.parent_path());
    fs::rename(directory, away, failed);
    if (!failed) {
        fs::remove_all(away, failed);
    }
}

Result<CacheDraft> CacheStore::draft(CacheKind kind, const Digest& key, std::string organization)
{
    fs::path directory = unfinished();
    if (!make_directories(directory)) {
        return Error{Errc::unavailable, errno_text("cannot make " + directory.string(), errno)};
    }
    return CacheDraft{kind, key, std::move(organization), std::move(directory)};
}

Result<std::uint64_t> CacheStore::publish(CacheDraft draft, std::chrono::milliseconds cost)
{
    const auto size = size_of(draft.content());
    if (!size) {
        return Error{Errc::not_found, "no content at " + draft.content().string()};
    }
    if (size->bytes > config_.max_bytes) {
        return Error{Errc::limit_exceeded, std::to_string(size->bytes) + " bytes"};
    }
    const fs::path directory = directory_of(draft.kind_, draft.key_);
    const EntryFacts facts{
        .bytes = size->bytes,
        .content_size = size->content_size,
        .made = clock_.utc_now(),
        .cost = cost,
        .boot = boot_};
    if (!make_directories(directory.parent_path()) ||
        !write_text(draft.directory_ / "owner", draft.organization_) ||
        !write_text(draft.directory_ / "entry", encode_entry(facts))) {
        return Error{
            Errc::unavailable, errno_text("cannot write " + draft.directory_.string(), errno)};
    }
    set_used(open_entry(draft.directory_), clock_.utc_now());
    make_room({.organization = draft.organization_, .bytes = size->bytes});
    if (::rename(draft.directory_.c_str(), directory.c_str()) == 0) {
        draft.directory_.clear();
        bytes_ += size->bytes;
    } else if (errno != EEXIST && errno != ENOTEMPTY) {
        return Error{Errc::unavailable, errno_text("cannot keep " + directory.string(), errno)};
    }
    return size->bytes;
}

std::vector<KeptEntry> CacheStore::entries()
{
    std::vector<KeptEntry> found;
    std::uint64_t total = 0;
    for (const CacheKind kind : k_kinds) {
        std::error_code gone;
        for (const auto& entry : fs::directory_iterator{config_.root / to_string(kind), gone}) {
            struct stat info {};

            const auto facts = decode_entry(read_text(entry.path() / "entry"));
            KeptEntry kept{
                .directory = entry.path(), .organization = read_text(entry.path() / "owner")};
            kept.readable = facts && ::lstat((entry.path() / "entry").c_str(), &info) == 0;
            if (kept.readable) {
                kept.bytes = facts->bytes;
                kept.used = used(info);
                total += facts->bytes;
            }
            found.push_back(std::move(kept));
        }
    }
    bytes_ = total;
    return found;
}

/// Removes entries until what is wanted is within the limit, too. Those in use stay.
void CacheStore::make_room(const WantedRoom& wanted)
{
    const UniqueFd one_at_a_time{
        ::open((config_.root / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    ::flock(one_at_a_time.native(), LOCK_EX);
    std::vector<KeptEntry> kept = entries();
    for (auto next = kept.end();
         (next = next_to_go(kept, wanted, config_.max_bytes)) != kept.end();) {
        const UniqueFd lock = open_entry(next->directory);
        if (lock && ::flock(lock.native(), LOCK_EX | LOCK_NB) != 0) {
            next->in_use = true;
            continue;
        }
        remove(next->directory);
        bytes_ -= next->bytes;
        ++evictions_;
        log_.info(
            "a cache entry made room",
            {{"entry", next->directory.lexically_relative(config_.root).string()},
             {"organization", next->organization},
             {"bytes", std::to_string(next->bytes)}}
        );
        kept.erase(next);
    }
}

void CacheStore::settle()
{
    for (const KeptEntry& entry : entries()) {
        std::error_code gone;
        if (fs::exists(entry.directory / "settled", gone)) {
            continue;
        }
        const UniqueFd facts = open_entry(entry.directory);
        if (facts && ::fsync(facts.native()) == 0 && flush_all(entry.directory / "content")) {
            write_text(entry.directory / "settled", "");
        }
    }
}

Result<void> CacheStore::remove_unfinished(const std::string& worker_id)
{
    std::error_code failed;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator{config_.root / "new", gone}) {
        if (entry.path().filename().string().starts_with(worker_id + k_mark)) {
            std::error_code error;
            fs::remove_all(entry.path(), error);
            failed = error ? error : failed;
        }
    }
    return failed ? Error{Errc::unavailable, "unfinished cache entries: " + failed.message()}
                  : Result<void>{};
}

}  // namespace libra
