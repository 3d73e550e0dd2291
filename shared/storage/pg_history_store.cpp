#include "shared/storage/pg_history_store.hpp"

#include "shared/storage/pg_attempts.hpp"
#include "shared/storage/pg_history_query.hpp"
#include "shared/storage/pg_history_rows.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <fmt/format.h>
#include <pqxx/prepared_statement>
#include <pqxx/result>
#include <pqxx/transaction_base>

#include <utility>

namespace libra {

namespace {

Error not_there()
{
    return {Errc::not_found, "nothing of this name that the reader may see"};
}

/// Whether the filter's project, else its organisation, is there for the reader.
bool visible(pqxx::transaction_base& transaction, const Reader& reader, const HistoryFilter& filter)
{
    return transaction
        .exec_params1(
            R"(
                select exists (
                    select from organizations o
                    where ($1 or exists (
                              select from members m where m.org_id = o.id and m.user_id = $2))
                        and ($3 = '' or o.id = $3)
                        and ($4 = '' or exists (
                                select from projects p where p.id = $4 and p.org_id = o.id)))
            )",
            reader.everywhere,
            database_text(reader.user_id),
            database_text(filter.org_id.value_or("")),
            database_text(filter.project_id.value_or(""))
        )[0]
        .as<bool>();
}

HistoryPage read_page(const pqxx::result& rows, int limit)
{
    HistoryPage page;
    for (const pqxx::row& row : rows) {
        if (std::cmp_equal(page.deployments.size(), limit)) {
            const pqxx::row last = rows[static_cast<pqxx::result::size_type>(limit - 1)];
            page.next = {last["cursor_at"].as<std::int64_t>(), last["id"].as<std::string>()};
            break;
        }
        page.deployments.push_back(read_deployment_summary(row));
    }
    return page;
}

/// The deployment's row if the reader may see it.
pqxx::result summary_row(
    pqxx::transaction_base& transaction,
    const Reader& reader,
    const std::string& deployment_id
)
{
    return transaction.exec_params(
        fmt::format(
            R"(
                select {}, d.generation, encode(d.artifact, 'hex') as artifact, d.artifact_files,
                       d.artifact_bytes, d.statistics->'build' as build,
                       encode(a.manifest, 'hex') as manifest,
                       case when d.status = 'failed' then d.failure_report end as failure_report
                from deployments d join projects p on p.id = d.project_id
                    left join artifacts a on a.digest = d.artifact
                where d.id = $3 and ($1 or exists (
                    select from members m where m.org_id = d.org_id and m.user_id = $2))
            )",
            k_summary_columns
        ),
        reader.everywhere,
        database_text(reader.user_id),
        database_text(deployment_id)
    );
}

void read_steps(pqxx::transaction_base& transaction, DeploymentHistory& history)
{
    for (const pqxx::row& row : transaction.exec_params(
             R"(
                 select step, status, error, attempt,
                        floor(extract(epoch from started_at) * 1000)::bigint as started_at,
                        floor(extract(epoch from finished_at) * 1000)::bigint as finished_at
                 from deployment_steps where deployment_id = $1
             )",
             history.summary.id
         )) {
        history.steps.at(step_index(row["step"].as<std::string>())) = {
            .status = parse_step_status(row["status"].as<std::string>()).value(),
            .started_at = utc_time(row["started_at"]),
            .finished_at = optional_time(row["finished_at"]),
            .attempt = row["attempt"].as<int>(),
            .error = optional_text(row["error"])};
    }
}

}  // namespace

PgHistoryStore::PgHistoryStore(PgPool& pool) : pool_{pool} {}

Result<HistoryPage> PgHistoryStore::list(
    const Reader& reader,
    const HistoryFilter& filter,
    const std::optional<HistoryPosition>& before,
    int limit
)
{
    return answer_of_transaction<HistoryPage>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<HistoryPage> {
            if ((filter.org_id || filter.project_id) && !visible(transaction, reader, filter)) {
                return not_there();
            }
            const HistoryQuery query = history_query(reader, filter, before, limit);
            return read_page(
                transaction.exec_params(
                    query.sql, pqxx::prepare::make_dynamic_params(query.parameters)
                ),
                limit
            );
        }
    );
}

Result<DeploymentHistory>
PgHistoryStore::find(const Reader& reader, const std::string& deployment_id)
{
    return answer_of_transaction<DeploymentHistory>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<DeploymentHistory> {
            // One snapshot for all parts.
            transaction.exec("set transaction isolation level repeatable read read only");
            const pqxx::result rows = summary_row(transaction, reader, deployment_id);
            if (rows.empty()) {
                return not_there();
            }
            DeploymentHistory history{
                .summary = read_deployment_summary(rows[0]),
                .generation = rows[0]["generation"].as<std::int64_t>(),
                .attempts = attempts_of(transaction, deployment_id)};
            history.failure_report = optional_text(rows[0]["failure_report"]);
            history.build = optional_text(rows[0]["build"]);
            if (!rows[0]["artifact"].is_null()) {
                history.artifact = {
                    .digest = rows[0]["artifact"].as<std::string>(),
                    .files = rows[0]["artifact_files"].as<std::int64_t>(0),
                    .bytes = rows[0]["artifact_bytes"].as<std::int64_t>(0),
                    .manifest = Digest::parse(rows[0]["manifest"].as<std::string>(""))};
            }
            read_steps(transaction, history);
            return history;
        }
    );
}

}  // namespace libra
