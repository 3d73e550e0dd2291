#include "shared/storage/pg_disk_report_store.hpp"

#include "shared/storage/pg_transaction.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

namespace libra {

PgDiskReportStore::PgDiskReportStore(PgPool& pool) : pool_{pool} {}

Result<void> PgDiskReportStore::report(const std::string& worker_id, const std::string& reason)
{
    return pool_.autocommit([&](pqxx::transaction_base& statement) -> Result<void> {
        statement.exec_params("select report_disks($1, nullif($2, ''))", worker_id, reason);
        return {};
    });
}

Result<WorkerDisks> PgDiskReportStore::read()
{
    return answer_of_statement<WorkerDisks>(
        pool_,
        [](pqxx::transaction_base& statement) -> Result<WorkerDisks> {
            const pqxx::row row = statement.exec1(R"(
                select count(*), count(full_because) from worker_disks
                where reported_at > now() - interval '1 minute'
            )");
            return WorkerDisks{.reporting = row[0].as<int>(), .full = row[1].as<int>()};
        }
    );
}

}  // namespace libra
