#include "shared/storage/pg_account_store.hpp"

#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <utility>

namespace libra {

namespace {

SessionRecord read_session(const pqxx::row& row)
{
    return {
        .id = row["id"].as<std::string>(),
        .user_id = row["user_id"].as<std::string>(),
        .created_at = utc_time(row["created_at"]),
        .expires_at = utc_time(row["expires_at"])};
}

}  // namespace

Result<std::vector<Membership>> PgAccountStore::memberships(const std::string& user_id)
{
    return answer_of_statement<std::vector<Membership>>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<std::vector<Membership>> {
            std::vector<Membership> found;
            for (const pqxx::row& row : statement.exec_params(
                     R"(
                         select o.id, o.name, m.role
                         from members m join organizations o on o.id = m.org_id
                         where m.user_id = $1 order by o.id
                     )",
                     database_text(user_id)
                 )) {
                found.push_back(
                    {.org_id = row[0].as<std::string>(),
                     .name = row[1].as<std::string>(),
                     .role = row[2].as<std::string>()}
                );
            }
            return found;
        }
    );
}

Result<SessionPage>
PgAccountStore::sessions(const std::string& user_id, std::optional<std::int64_t> before, int limit)
{
    return answer_of_statement<SessionPage>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<SessionPage> {
            SessionPage page;
            std::int64_t last{0};
            for (const pqxx::row& row : statement.exec_params(
                     R"(
                         select number, id, user_id,
                                floor(extract(epoch from created_at) * 1000)::bigint as created_at,
                                floor(extract(epoch from expires_at) * 1000)::bigint as expires_at
                         from sessions
                         where user_id = $1 and ended_at is null and expires_at > now()
                             and ($2 = 0 or number < $2)
                         order by number desc limit $3
                     )",
                     database_text(user_id),
                     before.value_or(0),
                     limit + 1
                 )) {
                if (std::cmp_equal(page.sessions.size(), limit)) {
                    page.next = last;
                    break;
                }
                last = row["number"].as<std::int64_t>();
                page.sessions.push_back(read_session(row));
            }
            return page;
        }
    );
}

Result<SessionRecord> PgAccountStore::create_session(const NewSession& session, const Actor& actor)
{
    return answer_of_statement<SessionRecord>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<SessionRecord> {
            return read_session(statement.exec_params1(
                R"(
                    select id, user_id,
                           floor(extract(epoch from created_at) * 1000)::bigint as created_at,
                           floor(extract(epoch from expires_at) * 1000)::bigint as expires_at
                    from create_session($1, $2, $3, $4, $5, $6)
                )",
                bytea(session.digest),
                session.id,
                session.user_id,
                session.days,
                actor.user_id,
                actor.request_id
            ));
        }
    );
}

Result<void> PgAccountStore::end_session(
    const std::string& id,
    const std::optional<std::string>& user_id,
    const Actor& actor
)
{
    return pool_.autocommit([&](pqxx::transaction_base& statement) -> Result<void> {
        const pqxx::row row = statement.exec_params1(
            "select end_session($1, $2, $3, $4)",
            database_text(id),
            user_id,
            actor.user_id,
            actor.request_id
        );
        if (!row[0].as<bool>()) {
            return Error{Errc::not_found, "no such session"};
        }
        return {};
    });
}

}  // namespace libra
