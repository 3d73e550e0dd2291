#include "shared/storage/pg_history_store.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <utility>

namespace libra {

namespace {

LogEntry read_entry(const pqxx::row& row)
{
    return {
        .seq = row["seq"].as<std::int64_t>(),
        .at = utc_time(row["at"]),
        .step = row["step"].as<std::string>(),
        .stream = row["stream"].as<std::string>(),
        .line = row["line"].as<std::string>()};
}

}  // namespace

Result<LogPage> PgHistoryStore::log(
    const Reader& reader,
    const std::string& deployment_id,
    const LogSelection& selection
)
{
    return answer_of_statement<LogPage>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<LogPage> {
            // One row a line, or one without a line where none matches.
            const pqxx::result rows = statement.exec_params(
                R"(
                    select d.status, l.seq, l.step, l.stream, l.line,
                           floor(extract(epoch from l.at) * 1000)::bigint as at
                    from deployments d
                    left join lateral (
                        select * from deployment_log
                        where deployment_id = d.id and seq > $4 and ($5 = '' or step = $5)
                        order by seq limit $6::bigint) l on true
                    where d.id = $3 and ($1 or exists (
                        select from members m where m.org_id = d.org_id and m.user_id = $2))
                    order by l.seq
                )",
                reader.everywhere,
                database_text(reader.user_id),
                database_text(deployment_id),
                selection.after,
                selection.step ? std::string{to_string(*selection.step)} : std::string{},
                selection.limit + 1
            );
            if (rows.empty()) {
                return Error{Errc::not_found, "no such deployment for this reader"};
            }
            LogPage page;
            page.finished =
                is_terminal(parse_deployment_status(rows[0]["status"].as<std::string>()).value());
            for (const pqxx::row& row : rows) {
                if (row["seq"].is_null()) {
                    break;
                }
                if (std::cmp_equal(page.lines.size(), selection.limit)) {
                    page.finished = false;
                    break;
                }
                page.lines.push_back(read_entry(row));
            }
            return page;
        }
    );
}

}  // namespace libra
