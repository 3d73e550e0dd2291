#pragma once

#include "deploy-worker/cache/cache_draft.hpp"
#include "deploy-worker/cache/eviction.hpp"
#include "deploy-worker/process/unique_fd.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/log.hpp"
#include "shared/base/result.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file What builds may use again, kept on the worker's host under a key, within a limit of size.
///
/// Upstream: the sandbox, build and cleanup steps. The workers of a host share one directory:
///
///     KIND/KEY/content   an image or a directory
///     KIND/KEY/entry     what is known of it; its lock says that it is in use, its time when last
///     KIND/KEY/owner     the organisation it counts for; empty, or not there: for all together
///     new/WORKER-…/      what is not finished, or being removed
///
/// An entry appears and goes by one rename, so a crash leaves whole entries and things below `new`.
/// Nothing here is needed for a build: whatever cannot be read is removed and made again.

namespace libra {

struct CacheConfig {
    std::filesystem::path root{};
    std::uint64_t max_bytes{};
    std::string worker_id{};
};

/// An entry that will not be removed as long as this is kept, or the process lives.
struct CacheEntry {
    Digest key{};
    std::filesystem::path content{};
    std::uint64_t bytes{};             // on the disk
    UtcTime made{};                    //
    std::chrono::milliseconds cost{};  // what making it took, and so what it saves
    UniqueFd lock{};
};

struct CacheReading {
    std::uint64_t bytes{};      // of all entries, of whichever worker, when last looked through
    std::uint64_t evictions{};  // by this process, to make room
};

/// Thread-safe; any number of processes share a directory.
class CacheStore {
public:
    /// Nothing is made before it is needed. `clock` must outlive the store.
    CacheStore(CacheConfig config, Clock& clock, Log log);

    /// Whether there is room for anything at all.
    bool enabled() const { return config_.max_bytes > 0; }

    /// The entry, from now on the one that was used last. Nothing if there is none, or what is
    /// there is damaged and was removed.
    std::optional<CacheEntry> find(CacheKind kind, const Digest& key);

    /// Removes an entry that nobody wants any more.
    void forget(CacheKind kind, const Digest& key) { remove(directory_of(kind, key)); }

    /// Removes an entry that turned out to be damaged.
    void drop(CacheKind kind, const Digest& key, std::string_view reason);

    /// `organization`: for whom it counts; empty: for all together.
    /// @return `unavailable`, for the log.
    Result<CacheDraft> draft(CacheKind kind, const Digest& key, std::string organization);

    /// Makes the draft an entry, and removes others until all are within the limit, in the order of
    /// `next_to_go`. An entry that came to be there meanwhile stays instead.
    /// @return its size on the disk; `not_found` if nothing was put into the draft;
    ///         `limit_exceeded` if it alone is larger than the limit; `unavailable`.
    Result<std::uint64_t> publish(CacheDraft draft, std::chrono::milliseconds cost);

    /// Waits until the entries that are new are on the host's disk, where a power failure leaves
    /// them whole; until then they only last until the host starts again. Blocks for disk time.
    void settle();

    /// Removes what is beyond the limit, as there is after it was lowered.
    void shrink() { make_room({}); }

    /// Never blocks.
    CacheReading reading() const { return {.bytes = bytes_, .evictions = evictions_}; }

    /// Removes what the worker of that id left unfinished. No such worker may be alive.
    Result<void> remove_unfinished(const std::string& worker_id);

private:
    std::filesystem::path directory_of(CacheKind kind, const Digest& key) const;
    void remove(const std::filesystem::path& directory);
    void make_room(const WantedRoom& wanted);
    std::vector<KeptEntry> entries();
    std::filesystem::path unfinished();

    CacheConfig config_;
    Clock& clock_;
    Log log_;
    std::string boot_;  // of the host, since which it has been up
    std::atomic<std::uint64_t> bytes_{0};
    std::atomic<std::uint64_t> evictions_{0};
};

}  // namespace libra
