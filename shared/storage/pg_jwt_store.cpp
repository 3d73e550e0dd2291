#include "shared/storage/pg_jwt_store.hpp"

#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/transaction_base>

namespace libra {

Result<void> PgJwtStore::note(const AdmittedJwt& jwt)
{
    return pool_.autocommit([&](pqxx::transaction_base& statement) -> Result<void> {
        statement.exec_params(
            "select note_jwt($1, $2, $3::text[], to_timestamp($4::bigint / 1000.0))",
            bytea(jwt.digest),
            jwt.user_id,
            text_array({jwt.scopes.begin(), jwt.scopes.end()}),
            jwt.ends_at.time_since_epoch().count()
        );
        return {};
    });
}

}  // namespace libra
