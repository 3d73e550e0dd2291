#include "shared/storage/pg_fence.hpp"
#include "shared/storage/pg_project_store.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

namespace libra {

namespace {

/// Locks the organisation's allowances and begins their new periods. Periods that nobody used are
/// passed over, so a period always starts a whole number of periods after the first.
void refresh_allowances(pqxx::transaction_base& transaction, const std::string& org_id)
{
    transaction.exec_params(
        "select from plan_allowances where org_id = $1 order by plan for update", org_id
    );
    transaction.exec_params(
        R"(
            update plan_allowances
            set used = 0,
                period_start = (select max(start)
                                from generate_series(period_start, now(), period) as start)
            where org_id = $1 and period_start + period <= now()
        )",
        org_id
    );
}

/// Nothing for a deployment that took none yet.
std::optional<std::string>
plan_taken(pqxx::transaction_base& transaction, const std::string& deployment_id)
{
    const pqxx::result rows = transaction.exec_params(
        "select plan from quota_takes where deployment_id = $1", deployment_id
    );
    return rows.empty() ? std::nullopt : std::optional{rows[0][0].as<std::string>()};
}

/// @return the plan it was taken from, or nothing when none has any left.
std::optional<std::string> take(
    pqxx::transaction_base& transaction,
    const std::string& deployment_id,
    const std::string& org_id
)
{
    // `free` sorts before `paid`.
    const pqxx::result rows = transaction.exec_params(
        R"(
            with taken as (
                update plan_allowances a set used = a.used + 1
                where a.org_id = $2 and a.plan = (
                    select plan from plan_allowances
                    where org_id = $2 and used < deploy_limit order by plan limit 1)
                returning plan, period_start
            )
            insert into quota_takes (deployment_id, org_id, plan, period_start)
            select $1, $2, plan, period_start from taken
            returning plan
        )",
        deployment_id,
        org_id
    );
    return rows.empty() ? std::nullopt : std::optional{rows[0][0].as<std::string>()};
}

void describe_allowances(
    pqxx::transaction_base& transaction,
    const std::string& org_id,
    QuotaAnswer& answer
)
{
    const pqxx::row row = transaction.exec_params1(
        R"(
            select coalesce(sum(deploy_limit), 0),
                   floor(extract(epoch from min(period_start + period)
                       filter (where deploy_limit > 0 and used >= deploy_limit)) * 1000)::bigint
            from plan_allowances where org_id = $1
        )",
        org_id
    );
    answer.limit = row[0].as<int>();
    if (!row[1].is_null()) {
        answer.resets_at = utc_time(row[1]);
    }
}

}  // namespace

Result<QuotaAnswer> PgProjectStore::take_quota(const Lease& lease)
{
    return answer_of_transaction<QuotaAnswer>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<QuotaAnswer> {
            const Result<HeldDeployment> held = hold(transaction, lease);
            if (held.has_error()) {
                return held.error();
            }
            refresh_allowances(transaction, held->org_id);
            std::optional<std::string> plan = plan_taken(transaction, lease.deployment_id);
            if (!plan) {
                plan = take(transaction, lease.deployment_id, held->org_id);
            }
            QuotaAnswer answer{.taken = plan.has_value(), .plan = plan.value_or("")};
            describe_allowances(transaction, held->org_id, answer);
            return answer;
        }
    );
}

}  // namespace libra
