#include "shared/storage/pg_operations_store.hpp"

#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <utility>

namespace libra {

namespace {

AuditEntry entry_of(const pqxx::row& row)
{
    return {
        .id = row["id"].as<std::int64_t>(),
        .at = utc_time(row["at"]),
        .actor = row["actor"].as<std::string>(),
        .action = row["action"].as<std::string>(),
        .subject = row["subject"].as<std::string>(),
        .org_id = optional_text(row["org_id"]),
        .request_id = row["request_id"].as<std::string>(),
        .details_json = row["details"].as<std::string>()};
}

std::optional<std::string> fit(const std::optional<std::string>& text)
{
    return text ? std::optional{database_text(*text)} : std::nullopt;
}

/// Nothing where the requester may read what it asks for.
std::optional<Error>
refusal(pqxx::transaction_base& transaction, const Requester& requester, const AuditFilter& filter)
{
    if (requester.everywhere) {
        return std::nullopt;
    }
    const pqxx::row row = transaction.exec_params1(
        "select role_in($1, $2, false)", filter.org_id.value_or(""), requester.user_id
    );
    const std::string role = row[0].as<std::string>("");
    if (role.empty()) {
        return Error{Errc::not_found, "no such organisation"};
    }
    if (role != "owner" && role != "admin") {
        return Error{Errc::forbidden, "neither owner nor admin"};
    }
    return std::nullopt;
}

}  // namespace

Result<QueueOverview> PgOperationsStore::queue()
{
    return answer_of_statement<QueueOverview>(
        pool_,
        [](pqxx::transaction_base& statement) -> Result<QueueOverview> {
            const pqxx::row row = statement.exec1(R"(
                select waiting, ready, held, retrying, running, capacity, unsent, completed,
                       floor(extract(epoch from oldest_at) * 1000)::bigint as oldest_at,
                       floor(extract(epoch from estimated_wait) * 1000)::bigint as estimated_wait
                from queue_overview()
            )");
            return QueueOverview{
                .waiting = row["waiting"].as<std::int64_t>(),
                .ready = row["ready"].as<std::int64_t>(),
                .held = row["held"].as<std::int64_t>(),
                .retrying = row["retrying"].as<std::int64_t>(),
                .running = row["running"].as<std::int64_t>(),
                .capacity = row["capacity"].as<std::int64_t>(),
                .unsent = row["unsent"].as<std::int64_t>(),
                .oldest_at = optional_time(row["oldest_at"]),
                .completed = row["completed"].as<std::int64_t>(),
                .estimated_wait =
                    std::chrono::milliseconds{row["estimated_wait"].as<std::int64_t>()}};
        }
    );
}

Result<BacklogReading> PgOperationsStore::backlog()
{
    return answer_of_statement<BacklogReading>(
        pool_,
        [](pqxx::transaction_base& statement) -> Result<BacklogReading> {
            const pqxx::row row = statement.exec1(R"(
                with busy as (
                    select org_id, running_of_org(org_id, '') as running
                    from deployments where parked group by org_id
                )
                select unsent.number, unsent.oldest, queued.number, queued.oldest,
                       (select count(*) from deployments where status = 'in_progress'),
                       (select count(*) from dead_letters where state = 'open')
                from (select count(*) as number,
                             coalesce(floor(extract(epoch from now() - min(available_at)) * 1000),
                                      0)::bigint as oldest
                      from outbox where available_at <= now()) as unsent,
                     (select count(*) as number,
                             coalesce(floor(extract(epoch from now() - min(created_at) filter (
                                          where not held
                                              and (not parked or org_limit is null
                                                   or running < org_limit))) * 1000),
                                      0)::bigint as oldest
                      from deployments left join busy using (org_id)
                      where status = 'queued') as queued
            )");
            const auto number = [&](int column) { return row[column].as<std::int64_t>(); };
            const auto age = [&](int column) { return std::chrono::milliseconds{number(column)}; };
            return BacklogReading{
                .unsent = number(0),
                .unsent_oldest = age(1),
                .queued = number(2),
                .queued_oldest = age(3),
                .in_progress = number(4),
                .open_letters = number(5)};
        }
    );
}

Result<AuditPage> PgOperationsStore::audit(
    const Requester& requester,
    const AuditFilter& filter,
    std::optional<std::int64_t> before,
    int limit
)
{
    const auto read = [&](pqxx::transaction_base& transaction) -> Result<AuditPage> {
        if (const std::optional<Error> refused = refusal(transaction, requester, filter)) {
            return *refused;
        }
        AuditPage page;
        for (const pqxx::row& row : transaction.exec_params(
                 R"(
                     select id, floor(extract(epoch from at) * 1000)::bigint as at, actor, action,
                            subject, org_id, request_id, details::text as details
                     from audit_log
                     where ($1::text is null or org_id = $1) and ($2::text is null or actor = $2)
                         and ($3::text is null or action = $3)
                         and ($4::text is null or subject = $4) and ($5 = 0 or id < $5)
                     order by id desc limit $6
                 )",
                 filter.org_id,
                 fit(filter.actor),
                 fit(filter.action),
                 fit(filter.subject),
                 before.value_or(0),
                 limit + 1
             )) {
            if (std::cmp_equal(page.entries.size(), limit)) {
                page.next = page.entries.back().id;
                break;
            }
            page.entries.push_back(entry_of(row));
        }
        return page;
    };
    return answer_of_transaction<AuditPage>(pool_, read);
}

}  // namespace libra
