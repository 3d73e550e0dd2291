#include "shared/storage/pg_event_store.hpp"

#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <utility>

namespace libra {

namespace {

/// One row an event, or one without an event where there is none.
pqxx::result read_rows(
    pqxx::transaction_base& transaction,
    const Reader& reader,
    const std::string& deployment_id,
    std::int64_t after,
    int limit
)
{
    return transaction.exec_params(
        R"(
            select d.events + d.log_lines as last, d.finished_at is not null as over,
                   next.kind, next.data, next.seq, next.step, next.stream, next.line,
                   floor(extract(epoch from next.at) * 1000)::bigint as at
            from deployments d
            cross join lateral (
                select least($4::bigint, greatest(1, coalesce(max(e.ordinal), 1))) as events
                from deployment_events e
                where e.deployment_id = d.id and e.ordinal + e.log_lines <= $4::bigint) passed
            left join lateral (
                (select 0 as lines, 1 as ordinal, 'state' as kind, d.created_at as at,
                        jsonb_build_object(
                            'deploymentId', d.id, 'status', 'queued',
                            'at', rfc3339(d.created_at))::text as data,
                        null::bigint as seq, null as step, null as stream, null as line
                 where passed.events = 0)
                union all
                (select e.log_lines, e.ordinal,
                        case when e.kind = 'end'
                                  and (e.ordinal, e.log_lines) <> (d.events, d.log_lines)
                             then 'state' else e.kind end,
                        e.at, (e.data || jsonb_build_object('at', rfc3339(e.at)))::text,
                        null, null, null, null
                 from deployment_events e
                 where e.deployment_id = d.id and e.ordinal > passed.events
                 order by e.ordinal limit $5::bigint)
                union all
                (select l.seq, 0, 'log', l.at, null, l.seq, l.step, l.stream, l.line
                 from deployment_log l
                 where l.deployment_id = d.id and l.seq > $4::bigint - passed.events
                 order by l.seq limit $5::bigint)
                order by lines, ordinal limit $5::bigint) next on true
            where d.id = $3 and ($1 or exists (
                select from members m where m.org_id = d.org_id and m.user_id = $2))
            order by next.lines, next.ordinal
        )",
        reader.everywhere,
        database_text(reader.user_id),
        database_text(deployment_id),
        after,
        limit
    );
}

/// Log lines are committed without waiting for the disk. A crash may take them back, and others get
/// their places; so what has been read is only told once it is on the disk.
void wait_for_the_disk(pqxx::transaction_base& transaction)
{
    transaction.exec(R"(
        select pg_logical_emit_message(true, 'libra', '')
        where pg_current_wal_flush_lsn() < pg_current_wal_insert_lsn()
    )");
}

DeploymentEvent read_event(const pqxx::row& row)
{
    DeploymentEvent event{.kind = row["kind"].as<std::string>()};
    if (row["seq"].is_null()) {
        event.data_json = row["data"].as<std::string>();
    } else {
        event.line = {
            .seq = row["seq"].as<std::int64_t>(),
            .at = utc_time(row["at"]),
            .step = row["step"].as<std::string>(),
            .stream = row["stream"].as<std::string>(),
            .line = row["line"].as<std::string>()};
    }
    return event;
}

}  // namespace

PgEventStore::PgEventStore(PgPool& pool) : pool_{pool} {}

Result<EventPage> PgEventStore::events(
    const Reader& reader,
    const std::string& deployment_id,
    std::int64_t after,
    int limit
)
{
    return answer_of_transaction<EventPage>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<EventPage> {
            const pqxx::result rows = read_rows(transaction, reader, deployment_id, after, limit);
            if (rows.empty()) {
                return Error{Errc::not_found, "no such deployment for this reader"};
            }
            EventPage page{.last = rows[0]["last"].as<std::int64_t>()};
            if (!rows[0]["kind"].is_null()) {
                for (const pqxx::row& row : rows) {
                    page.events.push_back(read_event(row));
                    page.events.back().place = ++after;
                }
                wait_for_the_disk(transaction);
            }
            page.finished = rows[0]["over"].as<bool>() && after >= page.last;
            return page;
        }
    );
}

}  // namespace libra
