#pragma once

#include "shared/base/result.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

/// @file Whether the disks we write to are about to be full.

namespace libra {

struct DiskSpace {
    std::uint64_t bytes{};
    std::uint64_t free_bytes{};  // for us: without what is reserved for root
    std::uint64_t files{};       // inodes; 0 where the file system has no such limit
    std::uint64_t free_files{};
};

/// Of the file system that `path` is on or will be on. @return `unavailable`.
Result<DiskSpace> disk_space(const std::filesystem::path& path);

/// When a disk counts as full. It does until there is a little more room than that: three per cent,
/// and a tenth of `free_bytes`, so that nobody is let in and turned away in turns.
struct DiskMark {
    int percent{90};             // in use, of bytes or of inodes; 100: however full it is
    std::uint64_t free_bytes{};  // less than this
};

struct WatchedDisk {
    std::string name{};  // for the log: "the object store"
    std::filesystem::path path{};
    std::string label{};  // for metrics: "objects"
};

struct DiskReading {
    std::string label{};
    double used{};  // 0 to 1, of bytes or of inodes, whichever is more
    bool full{};    // by the mark
};

class DiskWatch {
public:
    using Measure = std::function<Result<DiskSpace>(const std::filesystem::path&)>;

    /// No disk is full before the first look.
    DiskWatch(std::vector<WatchedDisk> disks, DiskMark mark, Measure measure = disk_space);

    /// Measures all disks. One thread; blocks as long as the file systems do. A disk that cannot be
    /// measured stays what it was.
    void look();

    /// Any thread; never blocks.
    bool full() const { return full_; }

    /// What is full and how much, as of the last look; empty where nothing is. The thread of
    /// `look`.
    const std::string& reason() const { return reason_; }

    /// Of the last time each disk could be measured; not of those that never could. Any thread.
    std::vector<DiskReading> readings() const;

private:
    bool counts_as_full(const DiskSpace& space, bool was_full) const;

    std::vector<WatchedDisk> disks_;
    DiskMark mark_;
    Measure measure_;
    std::vector<bool> full_disks_;
    std::atomic<bool> full_{false};
    std::string reason_;
    mutable std::mutex mutex_;
    std::map<std::size_t, DiskReading> readings_;  // by place in `disks_`; guarded by mutex_
};

}  // namespace libra
