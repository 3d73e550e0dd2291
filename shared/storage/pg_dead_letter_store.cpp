#include "shared/storage/pg_dead_letter_store.hpp"

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
        "select record_undeliverable($1, $2, $3, $4)",
        bytea(message),
        database_text(reason),
        routes.dead_letter_exchange,
        routes.dead_letter_routing_key
    );
}

/// Ends the deployment as failed, if nobody runs it and nobody else announces it.
/// @return whether it did.
bool fail_undeliverable(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id,
    const std::string& reason
)
{
    const std::string error =
        "The message of this deployment could not be delivered. This is not your doing; it can be "
        "sent again by the platform's operators.";
    lock_project(transaction, deployment_id);
    const pqxx::result failed = transaction.exec_params(
        R"(
            update deployments
            set status = 'failed', failure_class = 'poison', error_code = 'undeliverable',
                error = $2, fence = fence + 1, lease_owner = null, lease_until = null,
                finished_at = now(), updated_at = now()
            where id = $1 and not held and not parked
                and (status = 'queued' or (status = 'in_progress' and lease_until <= now()))
        )",
        deployment_id,
        error
    );
    if (failed.affected_rows() == 0) {
        return false;
    }
    transaction.exec_params(
        R"(
            update attempts set ended_at = now(), outcome = 'lease_lost'
            where deployment_id = $1 and ended_at is null
        )",
        deployment_id
    );
    interrupt_steps(transaction, deployment_id);
    free_slot(transaction, deployment_id);
    settle_project(transaction, routes, deployment_id);
    give_back_quota(transaction, deployment_id);
    write_dead_letter(transaction, routes, deployment_id, "poison", database_text(reason));
    return true;
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
        if (!deployment_id || !fail_undeliverable(transaction, routes_, *deployment_id, reason)) {
            record(transaction, routes_, message, reason);
        }
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
        [&](pqxx::transaction_base& statement) -> Result<std::int64_t> {
            return statement
                .exec_params1(
                    R"(
                        select (select count(*) from dead_letters where state = 'open')
                            - (select count(*) from outbox where exchange = $1)
                    )",
                    routes_.dead_letter_exchange
                )[0]
                .as<std::int64_t>();
        }
    );
}

Result<LetterCopy> PgDeadLetterStore::copy_of(std::int64_t letter)
{
    return answer_of_statement<LetterCopy>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<LetterCopy> {
            const pqxx::result rows = statement.exec_params(
                "select state = 'open' from dead_letters where id = $1", letter
            );
            if (rows.empty()) {
                return LetterCopy::unknown;
            }
            return rows[0][0].as<bool>() ? LetterCopy::wanted : LetterCopy::resolved;
        }
    );
}

}  // namespace libra
