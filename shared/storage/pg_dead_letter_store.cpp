#include "shared/storage/pg_dead_letter_store.hpp"

#include "shared/base/digest.hpp"
#include "shared/storage/pg_deployment_writes.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <utility>

namespace libra {

namespace {

void record(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& message,
    const std::string& reason
)
{
    transaction.exec_params(
        "select file_poison($1, $2, $3, $4)",
        bytea(message),
        database_text(reason),
        routes.dead_letter_exchange,
        routes.dead_letter_routing_key
    );
}

/// Locks project and deployment. @return false when there is no such deployment.
bool lock(pqxx::transaction_base& transaction, const std::string& deployment_id)
{
    lock_project(transaction, deployment_id);
    return !transaction
                .exec_params(
                    "select from deployments where id = $1 for no key update", deployment_id
                )
                .empty();
}

/// Whether no worker has the deployment and no message of it is on its way any more. One that is
/// live or to be cancelled is left to the rescuer, whose message ends it as that.
bool abandoned(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id
)
{
    return transaction
        .exec_params1(
            R"(
                select not d.held and not d.parked and not d.cancel_requested
                    and (d.status = 'queued'
                         or (d.status = 'in_progress' and d.lease_until <= now()))
                    and p.live_deployment is distinct from d.id
                    and not exists (
                        select from outbox o
                        where o.deployment_id = d.id and o.exchange = $2 and o.routing_key = $3)
                from deployments d join projects p on p.id = d.project_id
                where d.id = $1
            )",
            deployment_id,
            routes.exchange,
            routes.routing_key
        )[0]
        .as<bool>();
}

void fail_undeliverable(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id
)
{
    const std::string error =
        "The message of this deployment could not be delivered. This is not your doing; it can be "
        "sent again by the platform's operators.";
    transaction.exec_params(
        R"(
            update deployments
            set status = 'failed', failure_class = 'poison', error_code = 'undeliverable',
                error = $2, fence = fence + 1, lease_owner = null, lease_until = null,
                finished_at = now(), updated_at = now()
            where id = $1
        )",
        deployment_id,
        error
    );
    close_lost_attempts(transaction, deployment_id);
    interrupt_steps(transaction, deployment_id);
    free_slot(transaction, deployment_id);
    settle_project(transaction, routes, deployment_id);
    give_back_quota(transaction, deployment_id);
}

/// Nothing if the letter is there and open: the message came again because the broker, or we, did
/// not hear that it was recorded.
void record_once(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id,
    const std::string& message,
    const std::string& reason
)
{
    transaction.exec_params(
        R"(
            select file_letter($1, 'poison', $2, $3, $4, $5)
            where not exists (
                select from dead_letters
                where deployment_id = $1 and state = 'open' and message_digest = sha256($3))
        )",
        deployment_id,
        database_text(reason),
        bytea(message),
        routes.dead_letter_exchange,
        routes.dead_letter_routing_key
    );
}

}  // namespace

PgDeadLetterStore::PgDeadLetterStore(PgPool& pool, OutboxRoutes routes)
    : pool_{pool}, routes_{std::move(routes)}
{
}

Result<void> PgDeadLetterStore::record_poison(const std::string& message, const std::string& reason)
{
    return pool_.autocommit([&](pqxx::transaction_base& statement) -> Result<void> {
        record(statement, routes_, message, reason);
        return {};
    });
}

Result<void> PgDeadLetterStore::bury(
    const std::string& message,
    const std::string& reason,
    const std::optional<std::string>& deployment_id
)
{
    auto buried = pool_.transact([&](pqxx::transaction_base& transaction) -> Result<void> {
        if (!deployment_id || !lock(transaction, *deployment_id)) {
            record(transaction, routes_, message, reason);
            return {};
        }
        if (abandoned(transaction, routes_, *deployment_id)) {
            fail_undeliverable(transaction, routes_, *deployment_id);
        }
        record_once(transaction, routes_, *deployment_id, message, reason);
        return {};
    });
    if (buried.has_value()) {
        static_cast<void>(fill_slots(pool_, routes_));
    }
    return buried;
}

Result<std::int64_t> PgDeadLetterStore::copies_sent()
{
    return answer_of_statement<std::int64_t>(
        pool_,
        [](pqxx::transaction_base& statement) -> Result<std::int64_t> {
            return statement.exec1("select count(*) from sent_letters")[0].as<std::int64_t>();
        }
    );
}

Result<std::vector<std::int64_t>> PgDeadLetterStore::letters_sent(int most)
{
    using Ids = std::vector<std::int64_t>;
    return answer_of_statement<Ids>(pool_, [&](pqxx::transaction_base& statement) -> Result<Ids> {
        Ids ids;
        for (const pqxx::row& row :
             statement.exec_params("select id from sent_letters order by id limit $1", most)) {
            ids.push_back(row[0].as<std::int64_t>());
        }
        return ids;
    });
}

Result<std::int64_t> PgDeadLetterStore::send_again(const std::vector<std::int64_t>& letters)
{
    return answer_of_statement<std::int64_t>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<std::int64_t> {
            const pqxx::result sent = statement.exec_params(
                R"(
                    select send_letter_copy(id, $2, $3) from sent_letters
                    where id = any ($1::bigint[])
                )",
                bigint_array(letters),
                routes_.dead_letter_exchange,
                routes_.dead_letter_routing_key
            );
            return static_cast<std::int64_t>(sent.size());
        }
    );
}

Result<LetterCopy> PgDeadLetterStore::copy_of(std::int64_t letter, const std::string& message)
{
    return answer_of_statement<LetterCopy>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<LetterCopy> {
            const pqxx::result rows = statement.exec_params(
                "select state = 'open' from dead_letters where id = $1 and message_digest = $2",
                letter,
                bytea(sha256(message))
            );
            if (rows.empty()) {
                return LetterCopy::unknown;
            }
            return rows[0][0].as<bool>() ? LetterCopy::wanted : LetterCopy::resolved;
        }
    );
}

}  // namespace libra
