#pragma once

#include "shared/base/result.hpp"

#include <string>

/// @file Which workers have room on their disks.
///
/// Upstream: every worker reports, every gateway reads. Downstream: PostgreSQL.

namespace libra {

struct WorkerDisks {
    int reporting{};  // workers that have reported within the last minute
    int full{};       // of these
};

/// Thread-safe; each call is one transaction; `unavailable` when the database does not answer.
class DiskReportStore {
public:
    virtual ~DiskReportStore() = default;

    /// A worker repeats this every few seconds. `reason` is empty where there is room.
    virtual Result<void> report(const std::string& worker_id, const std::string& reason) = 0;

    virtual Result<WorkerDisks> read() = 0;
};

}  // namespace libra
