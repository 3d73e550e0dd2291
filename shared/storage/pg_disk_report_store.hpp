#pragma once

#include "shared/storage/disk_report_store.hpp"
#include "shared/storage/pg_pool.hpp"

namespace libra {

class PgDiskReportStore final : public DiskReportStore {
public:
    /// `pool` must outlive it.
    explicit PgDiskReportStore(PgPool& pool);

    Result<void> report(const std::string& worker_id, const std::string& reason) override;
    Result<WorkerDisks> read() override;

private:
    PgPool& pool_;
};

}  // namespace libra
