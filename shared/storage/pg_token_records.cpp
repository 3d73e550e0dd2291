#include "shared/storage/pg_account_store.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <utility>

namespace libra {

namespace {

TokenRecord read_token(const pqxx::row& row)
{
    return {
        .id = row["id"].as<std::string>(),
        .name = row["name"].as<std::string>(),
        .user_id = row["user_id"].as<std::string>(),
        .service = row["service"].as<bool>(),
        .scopes = texts_of(row["scopes"]),
        .created_at = utc_time(row["created_at"]),
        .expires_at = optional_time(row["expires_at"]),
        .last_used_at = optional_time(row["last_used_at"])};
}

}  // namespace

Result<TokenPage>
PgAccountStore::tokens(const std::string& user_id, std::optional<std::int64_t> before, int limit)
{
    return answer_of_statement<TokenPage>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<TokenPage> {
            TokenPage page;
            std::int64_t last{0};
            for (const pqxx::row& row : statement.exec_params(
                     R"(
                         select number, id, name, user_id, service, scopes,
                                floor(extract(epoch from created_at) * 1000)::bigint as created_at,
                                floor(extract(epoch from expires_at) * 1000)::bigint as expires_at,
                                floor(extract(epoch from last_used_at) * 1000)::bigint
                                    as last_used_at
                         from tokens
                         where user_id = $1 and revoked_at is null and ($2 = 0 or number < $2)
                         order by number desc limit $3
                     )",
                     database_text(user_id),
                     before.value_or(0),
                     limit + 1
                 )) {
                if (std::cmp_equal(page.tokens.size(), limit)) {
                    page.next = last;
                    break;
                }
                last = row["number"].as<std::int64_t>();
                page.tokens.push_back(read_token(row));
            }
            return page;
        }
    );
}

Result<TokenRecord>
PgAccountStore::create_token(const NewToken& token, const Credential& maker, const Actor& actor)
{
    return answer_of_statement<TokenRecord>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<TokenRecord> {
            return read_token(statement.exec_params1(
                R"(
                    select id, name, user_id, service, scopes,
                           floor(extract(epoch from created_at) * 1000)::bigint as created_at,
                           floor(extract(epoch from expires_at) * 1000)::bigint as expires_at,
                           floor(extract(epoch from last_used_at) * 1000)::bigint as last_used_at
                    from create_token($1, $2, $3, $4, $5, $6::text[], $7, $8, $9, $10)
                )",
                bytea(token.digest),
                token.id,
                database_text(token.name),
                token.user_id,
                token.service,
                text_array({token.scopes.begin(), token.scopes.end()}),
                token.days.value_or(0),
                bytea(maker.digest),
                actor.user_id,
                actor.request_id
            ));
        }
    );
}

Result<void> PgAccountStore::revoke_token(
    const std::string& id,
    const std::optional<std::string>& user_id,
    const Actor& actor
)
{
    return pool_.autocommit([&](pqxx::transaction_base& statement) -> Result<void> {
        const pqxx::row row = statement.exec_params1(
            "select revoke_token($1, $2, $3, $4)",
            database_text(id),
            user_id,
            actor.user_id,
            actor.request_id
        );
        if (!row[0].as<bool>()) {
            return Error{Errc::not_found, "no such token"};
        }
        return {};
    });
}

}  // namespace libra
