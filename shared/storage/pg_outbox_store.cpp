#include "shared/storage/pg_outbox_store.hpp"

#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/binarystring>
#include <pqxx/result>
#include <pqxx/transaction_base>

namespace libra {

namespace {

// `set_config(…, true)` is `set local` as a part of the statement: one round trip, and not four.

/// Rows come one a header, those of one message together.
std::vector<OutboxRow> outbox_rows(const pqxx::result& rows)
{
    std::vector<OutboxRow> messages;
    for (const pqxx::row& row : rows) {
        const auto id = row["id"].as<std::int64_t>();
        if (messages.empty() || messages.back().id != id) {
            messages.push_back(
                {.id = id,
                 .exchange = row["exchange"].as<std::string>(),
                 .routing_key = row["routing_key"].as<std::string>(),
                 .payload = pqxx::binarystring{row["payload"]}.str(),
                 .event = row["event"].as<bool>()}
            );
        }
        if (!row["key"].is_null()) {
            messages.back().headers.emplace(
                row["key"].as<std::string>(), row["value"].as<std::string>()
            );
        }
    }
    return messages;
}

}  // namespace

PgOutboxStore::PgOutboxStore(PgPool& pool) : pool_{pool} {}

Result<std::vector<OutboxRow>>
PgOutboxStore::claim(const std::string& token, int limit, std::chrono::seconds hold)
{
    return answer_of_statement<std::vector<OutboxRow>>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<std::vector<OutboxRow>> {
            return outbox_rows(statement.exec_params(
                R"(
                    with quickly as materialized (
                        select set_config('synchronous_commit', 'off', true)
                    ), due as (
                        select id, due_at from outbox where due_at <= now()
                        order by due_at, id limit $2
                        for update skip locked
                    ), claimed as (
                        update outbox o
                        set claim_token = $1, claimed_until = now() + $3 * interval '1 second'
                        from due where o.id = due.id
                        returning o.id, due.due_at, o.exchange, o.routing_key, o.headers, o.payload,
                                  o.event
                    )
                    select id, exchange, routing_key, payload, event, header.key, header.value
                    from quickly cross join claimed
                        left join lateral jsonb_each_text(headers) as header on true
                    order by claimed.due_at, id
                )",
                token,
                limit,
                static_cast<std::int64_t>(hold.count())
            ));
        }
    );
}

Result<void> PgOutboxStore::remove(const std::string& token, const std::vector<std::int64_t>& ids)
{
    return pool_.autocommit([&](pqxx::transaction_base& statement) -> Result<void> {
        statement.exec_params(
            R"(
                with quickly as materialized (
                    select set_config('synchronous_commit', 'off', true)
                )
                delete from outbox using quickly
                where id = any ($1::bigint[]) and claim_token = $2
            )",
            bigint_array(ids),
            token
        );
        return {};
    });
}

Result<void> PgOutboxStore::release(
    const std::string& token,
    const std::vector<std::int64_t>& ids,
    std::chrono::milliseconds delay
)
{
    return pool_.transact([&](pqxx::transaction_base& transaction) -> Result<void> {
        transaction.exec("set local synchronous_commit = off");
        transaction.exec_params(
            R"(
                update outbox
                set claim_token = null, claimed_until = null,
                    available_at = now() + $3 * interval '1 millisecond'
                where id = any ($1::bigint[]) and claim_token = $2
            )",
            bigint_array(ids),
            token,
            static_cast<std::int64_t>(delay.count())
        );
        return {};
    });
}

Result<std::optional<std::chrono::milliseconds>> PgOutboxStore::next_due()
{
    using Wait = std::optional<std::chrono::milliseconds>;
    return answer_of_statement<Wait>(pool_, [](pqxx::transaction_base& statement) -> Result<Wait> {
        const pqxx::row row = statement.exec1(R"(
            select ceil(extract(epoch from greatest(min(due_at), now()) - now()) * 1000)::bigint,
                   min(due_at) is null
            from outbox
        )");
        if (row[1].as<bool>()) {
            return Wait{};
        }
        return Wait{std::chrono::milliseconds{row[0].as<std::int64_t>()}};
    });
}

}  // namespace libra
