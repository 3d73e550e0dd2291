#include "api-gateway/service/storage_monitor.hpp"

#include <string>
#include <utility>

namespace libra {

StorageMonitor::StorageMonitor(DiskWatch& own, DiskReportStore& workers, Log log)
    : own_{own}, workers_{workers}, log_{std::move(log)}
{
}

void StorageMonitor::look()
{
    own_.look();
    // Without reports no worker runs, which is no reason to refuse: deployments wait for them.
    if (const Result<WorkerDisks> disks = workers_.read(); disks) {
        no_worker_has_room_ = disks->reporting > 0 && disks->full == disks->reporting;
    }
    const bool full = own_.full() || no_worker_has_room_;
    if (full && !full_) {
        log_.warning(
            "no deployments are accepted: the disks are full",
            {{"reason", own_.full() ? own_.reason() : "no worker has room"}}
        );
    } else if (!full && full_) {
        log_.info("deployments are accepted again: there is room");
    }
    full_ = full;
}

}  // namespace libra
