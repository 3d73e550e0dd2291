#include "shared/storage/pg_rescue_store.hpp"

#include "shared/storage/pg_deployment_writes.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <utility>

namespace libra {

namespace {

constexpr int k_most_announced = 500;  // by one call
constexpr int k_most_forgotten = 10'000;
constexpr int k_most_projects = 200;

std::optional<LiveSite>
site_to_restore(pqxx::transaction_base& transaction, const std::string& project_id)
{
    // Locked by somebody: it is being switched, or restored.
    const pqxx::result rows = transaction.exec_params(
        R"(
            with locked as (
                select * from projects where id = $1 for no key update skip locked
            )
            select p.site_label, nextval('switch_tickets'), r.name
            from locked p left join releases r on r.deployment_id = p.live_deployment
            where p.switching is not null and not exists (
                select from deployments d
                where d.id = p.switching
                    and (d.status = 'queued' and not d.cancel_requested
                         or d.status = 'in_progress'
                            and (d.lease_until > now() or not d.cancel_requested)))
        )",
        project_id
    );
    if (rows.empty()) {
        return std::nullopt;
    }
    LiveSite site{
        .site_label = rows[0][0].as<std::string>(),
        .domains = domains_of(transaction, project_id),
        .ticket = rows[0][1].as<std::int64_t>()};
    if (!rows[0][2].is_null()) {
        site.release_name = rows[0][2].as<std::string>();
    }
    return site;
}

/// The switch is over, and with it a deployment that waited for that to be cancelled.
void end_switch(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& project_id
)
{
    const pqxx::row row = transaction.exec_params1(
        R"(
            with before as (select switching from projects where id = $1)
            update projects set switching = null where id = $1
            returning (select switching from before)
        )",
        project_id
    );
    transaction.exec_params(
        R"(
            select end_as_cancelled(
                id, coalesce(cancel_code, 'cancelled'),
                coalesce(cancel_reason, 'Cancelled on request.'), $2, $3)
            from deployments where id = $1 and status in ('queued', 'in_progress')
        )",
        row[0].as<std::string>(),
        routes.exchange,
        routes.routing_key
    );
}

}  // namespace

PgRescueStore::PgRescueStore(PgPool& pool, OutboxRoutes routes)
    : pool_{pool}, routes_{std::move(routes)}
{
}

Result<void> PgRescueStore::set_slots(int number)
{
    return pool_.autocommit([&](pqxx::transaction_base& statement) -> Result<void> {
        statement.exec_params("select set_slots($1)", number);
        return {};
    });
}

Result<int> PgRescueStore::announce_lost(bool queue_empty)
{
    return answer_of_statement<int>(pool_, [&](pqxx::transaction_base& statement) -> Result<int> {
        return statement
            .exec_params1(
                "select announce_lost($1, $2, $3, $4)",
                queue_empty,
                k_most_announced,
                routes_.exchange,
                routes_.routing_key
            )[0]
            .as<int>();
    });
}

Result<int> PgRescueStore::fill_slots()
{
    return libra::fill_slots(pool_, routes_);
}

Result<int> PgRescueStore::forget_keys()
{
    return answer_of_statement<int>(pool_, [](pqxx::transaction_base& statement) -> Result<int> {
        return statement.exec_params1("select forget_idempotency_keys($1)", k_most_forgotten)[0]
            .as<int>();
    });
}

Result<int> PgRescueStore::forget_releases(int kept)
{
    return answer_of_transaction<int>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<int> {
            return transaction
                .exec_params1("select forget_releases($1, $2)", kept, k_most_projects)[0]
                .as<int>();
        }
    );
}

Result<std::vector<std::string>>
PgRescueStore::unneeded_releases(const std::vector<std::string>& names)
{
    return answer_of_statement<std::vector<std::string>>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<std::vector<std::string>> {
            std::vector<std::string> unneeded;
            for (const pqxx::row& row : statement.exec_params(
                     "select unneeded_releases($1::text[])",
                     text_array({names.begin(), names.end()})
                 )) {
                unneeded.push_back(row[0].as<std::string>());
            }
            return unneeded;
        }
    );
}

Result<int> PgRescueStore::restore_sites(const std::function<Result<void>(const LiveSite&)>& restore
)
{
    const auto projects = answer_of_statement<std::vector<std::string>>(
        pool_,
        [](pqxx::transaction_base& statement) -> Result<std::vector<std::string>> {
            std::vector<std::string> ids;
            for (const pqxx::row& row :
                 statement.exec("select id from projects where switching is not null order by id"
                 )) {
                ids.push_back(row[0].as<std::string>());
            }
            return ids;
        }
    );
    if (projects.has_error()) {
        return projects.error();
    }
    int restored = 0;
    std::optional<Error> trouble;
    for (const std::string& project_id : *projects) {
        const Result<bool> done = restore_site(project_id, restore);
        restored += done.has_value() && *done ? 1 : 0;
        if (done.has_error()) {
            trouble = done.error();
        }
    }
    if (restored > 0) {
        static_cast<void>(fill_slots());
    }
    return trouble ? Result<int>{*trouble} : Result<int>{restored};
}

Result<bool> PgRescueStore::restore_site(
    const std::string& project_id,
    const std::function<Result<void>(const LiveSite&)>& restore
)
{
    return answer_of_transaction<bool>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<bool> {
            const std::optional<LiveSite> site = site_to_restore(transaction, project_id);
            if (!site) {
                return false;
            }
            if (const Result<void> restored = restore(*site); restored.has_error()) {
                return restored.error();
            }
            end_switch(transaction, routes_, project_id);
            return true;
        }
    );
}

}  // namespace libra
