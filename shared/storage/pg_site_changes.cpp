#include "shared/storage/pg_rescue_store.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

namespace libra {

namespace {

constexpr int k_most_followed = 100;  // by one call

using Follow = std::function<Result<void>(const LiveName&)>;

/// The project that has the name.
std::optional<std::string> owner_of(pqxx::transaction_base& transaction, const std::string& name)
{
    const pqxx::result rows = transaction.exec_params(
        R"(
            select project_id from domains where hostname = $1
            union all
            select id from projects where site_label = $1
        )",
        name
    );
    return rows.empty() ? std::nullopt : std::optional{rows[0][0].as<std::string>()};
}

/// Locks the name and whose it is, in the order in which everybody locks them.
/// @return false if there is nothing to do, or not now.
bool take(
    pqxx::transaction_base& transaction,
    const std::string& name,
    const std::optional<std::string>& owner
)
{
    if (owner) {
        const pqxx::result ready = transaction.exec_params(
            R"(
                with locked as (
                    select id, switching from projects where id = $1 for no key update
                )
                select from locked where not exists (
                    select from deployments d
                    where d.id = locked.switching and d.status in ('queued', 'in_progress'))
            )",
            *owner
        );
        if (ready.empty()) {
            return false;
        }
    }
    const pqxx::result locked =
        transaction.exec_params("select from site_changes where name = $1 for update", name);
    return !locked.empty() && owner_of(transaction, name) == owner;
}

Result<bool>
follow_change(pqxx::transaction_base& transaction, const std::string& name, const Follow& follow)
{
    const std::optional<std::string> owner = owner_of(transaction, name);
    if (!take(transaction, name, owner)) {
        return false;
    }
    const pqxx::row row = transaction.exec_params1(
        R"(
            select nextval('switch_tickets'), (
                select r.name from projects p
                join releases r on r.deployment_id = p.live_deployment
                where p.id = $1)
        )",
        owner.value_or("")
    );
    const Result<void> followed = follow(
        {.name = name, .ticket = row[0].as<std::int64_t>(), .release_name = optional_text(row[1])}
    );
    if (followed.has_error()) {
        return followed.error();
    }
    transaction.exec_params("delete from site_changes where name = $1", name);
    return true;
}

}  // namespace

Result<int> PgRescueStore::follow_site_changes(const Follow& follow)
{
    const auto names = answer_of_statement<std::vector<std::string>>(
        pool_,
        [](pqxx::transaction_base& statement) -> Result<std::vector<std::string>> {
            std::vector<std::string> found;
            for (const pqxx::row& row : statement.exec_params(
                     "select name from site_changes order by since limit $1", k_most_followed
                 )) {
                found.push_back(row[0].as<std::string>());
            }
            return found;
        }
    );
    if (names.has_error()) {
        return names.error();
    }
    int followed = 0;
    std::optional<Error> trouble;
    for (const std::string& name : *names) {
        const Result<bool> done =
            answer_of_transaction<bool>(pool_, [&](pqxx::transaction_base& t) {
                return follow_change(t, name, follow);
            });
        followed += done.has_value() && *done ? 1 : 0;
        if (done.has_error()) {
            trouble = done.error();
        }
    }
    return trouble ? Result<int>{*trouble} : Result<int>{followed};
}

}  // namespace libra
