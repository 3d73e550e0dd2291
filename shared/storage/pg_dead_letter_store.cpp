#include "shared/storage/pg_dead_letter_store.hpp"

#include "shared/base/digest.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/transaction_base>

#include <utility>

namespace libra {

PgDeadLetterStore::PgDeadLetterStore(PgPool& pool, OutboxRoutes routes)
    : pool_{pool}, routes_{std::move(routes)}
{
}

Result<void> PgDeadLetterStore::record_poison(const std::string& message, const std::string& reason)
{
    return pool_.autocommit([&](pqxx::transaction_base& statement) -> Result<void> {
        statement.exec_params(
            R"(
                with letter as (
                    insert into dead_letters (failure_class, reason, message, message_digest)
                    values ('poison', $1, $2, $3)
                    on conflict (message_digest) where deployment_id is null do nothing
                    returning reason, message
                )
                insert into outbox (exchange, routing_key, headers, payload)
                select $4, $5, jsonb_build_object('x-libra-reason', reason), message
                from letter
            )",
            database_text(reason),
            bytea(message),
            bytea(sha256(message)),
            routes_.dead_letter_exchange,
            routes_.dead_letter_routing_key
        );
        return {};
    });
}

}  // namespace libra
