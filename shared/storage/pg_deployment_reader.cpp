#include "shared/storage/pg_deployment_reader.hpp"

#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <algorithm>
#include <cstddef>

namespace libra {

namespace {

void read_deployment(const pqxx::row& row, DeploymentRecord& record)
{
    record.status = parse_deployment_status(row["word"].as<std::string>()).value();
    record.error = optional_text(row["error"]);
    record.url = optional_text(row["text"]);
    record.updated_at = utc_time(row["at"]);
}

void read_step(const pqxx::row& row, DeploymentRecord& record)
{
    const StepName name = parse_step_name(row["name"].as<std::string>()).value();
    const auto place = std::find(k_steps.begin(), k_steps.end(), name) - k_steps.begin();
    record.steps.at(static_cast<std::size_t>(place)) = {
        .status = parse_step_status(row["word"].as<std::string>()).value(),
        .timestamp = utc_time(row["at"]),
        .error = optional_text(row["error"])};
}

}  // namespace

PgDeploymentReader::PgDeploymentReader(PgPool& pool) : pool_{pool} {}

Result<DeploymentRecord> PgDeploymentReader::find(const std::string& deployment_id)
{
    return answer_of_statement<DeploymentRecord>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<DeploymentRecord> {
            // One statement, hence one snapshot: first the deployment, then its steps, then its
            // milestones in order.
            const pqxx::result rows = statement.exec_params(
                R"(
                    select kind, name, word, error, text, floor(extract(epoch from moment) * 1000)::bigint as at
                    from (
                        select 0 as kind, null as name, status as word, error, url as text,
                               updated_at as moment, 0::bigint as seq
                        from deployments where id = $1
                        union all
                        select 1, step, status, error, null, coalesce(finished_at, started_at), 0
                        from deployment_steps where deployment_id = $1
                        union all
                        (select 2, null, null, null, line, null, seq
                         from deployment_log
                         where deployment_id = $1 and stream = 'milestone'
                         order by seq limit 1000)
                    ) as parts
                    order by kind, seq
                )",
                deployment_id
            );
            if (rows.empty()) {
                return Error{Errc::not_found, "no such deployment"};
            }
            DeploymentRecord record{.id = deployment_id};
            for (const pqxx::row& row : rows) {
                switch (row["kind"].as<int>()) {
                case 0:
                    read_deployment(row, record);
                    break;
                case 1:
                    read_step(row, record);
                    break;
                default:
                    record.milestones.push_back(row["text"].as<std::string>());
                }
            }
            record.current_step = current_step_of(record.status, record.step_statuses());
            return record;
        }
    );
}

}  // namespace libra
