#pragma once

#include "shared/base/disk_watch.hpp"
#include "shared/base/log.hpp"
#include "shared/storage/disk_report_store.hpp"

#include <atomic>

/// @file Whether there is room for another deployment: where the gateway stores files, and on at
/// least one worker.

namespace libra {

class StorageMonitor {
public:
    /// The references must outlive it; nobody else looks at `own`.
    StorageMonitor(DiskWatch& own, DiskReportStore& workers, Log log);

    /// Looks once. One thread; blocks for the disk and the database. While the database does not
    /// answer, what it said last counts.
    void look();

    /// Any thread; never blocks.
    bool full() const { return full_; }

private:
    DiskWatch& own_;
    DiskReportStore& workers_;
    Log log_;
    bool no_worker_has_room_{false};
    std::atomic<bool> full_{false};
};

}  // namespace libra
