#include "shared/storage/pg_deployment_writes.hpp"

#include "shared/storage/pg_transaction.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

namespace libra {

void lock_project(pqxx::transaction_base& transaction, const std::string& deployment_id)
{
    transaction.exec_params(
        R"(
            select from projects
            where id = (select project_id from deployments where id = $1)
            for no key update
        )",
        deployment_id
    );
}

void settle_project(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id
)
{
    transaction.exec_params(
        "select settle_project($1, $2, $3)", deployment_id, routes.exchange, routes.routing_key
    );
}

void end_as_live(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id
)
{
    transaction.exec_params(
        "select end_as_live($1, $2, $3)", deployment_id, routes.exchange, routes.routing_key
    );
}

void park(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id,
    std::optional<int> of_organization
)
{
    transaction.exec_params(
        "select park_deployment($1, nullif($2, 0), $3, $4)",
        deployment_id,
        of_organization.value_or(0),
        routes.exchange,
        routes.routing_key
    );
}

void free_slot(pqxx::transaction_base& transaction, const std::string& deployment_id)
{
    transaction.exec_params(
        R"(
            update slots set deployment_id = null, reserved_until = '-infinity'
            where deployment_id = $1
        )",
        deployment_id
    );
}

Result<int> fill_slots(PgPool& pool, const OutboxRoutes& routes)
{
    return answer_of_statement<int>(pool, [&](pqxx::transaction_base& statement) -> Result<int> {
        return statement
            .exec_params1("select fill_slots($1, $2)", routes.exchange, routes.routing_key)[0]
            .as<int>();
    });
}

std::vector<std::string>
domains_of(pqxx::transaction_base& transaction, const std::string& project_id)
{
    std::vector<std::string> domains;
    for (const pqxx::row& row : transaction.exec_params(
             "select hostname from domains where project_id = $1 order by hostname", project_id
         )) {
        domains.push_back(row[0].as<std::string>());
    }
    return domains;
}

void close_lost_attempts(pqxx::transaction_base& transaction, const std::string& deployment_id)
{
    transaction.exec_params(
        R"(
            update attempts set ended_at = now(), outcome = 'lease_lost'
            where deployment_id = $1 and ended_at is null
        )",
        deployment_id
    );
}

std::string lost_worker(pqxx::transaction_base& transaction, const std::string& deployment_id)
{
    const pqxx::result rows = transaction.exec_params(
        R"(
            select worker from attempts
            where deployment_id = $1 and outcome = 'lease_lost' and ended_at = now()
        )",
        deployment_id
    );
    return rows.empty() ? "" : rows[0][0].as<std::string>();
}

void interrupt_steps(pqxx::transaction_base& transaction, const std::string& deployment_id)
{
    transaction.exec_params(
        R"(
            update deployment_steps
            set status = 'failed', error = 'The step was interrupted.', finished_at = now()
            where deployment_id = $1 and status = 'in_progress'
        )",
        deployment_id
    );
}

void give_back_quota(pqxx::transaction_base& transaction, const std::string& deployment_id)
{
    // Only within the period it was taken in: a later one has begun at zero.
    transaction.exec_params(
        R"(
            with refunded as (
                update quota_takes set refunded_at = now()
                where deployment_id = $1 and refunded_at is null
                returning org_id, plan, period_start
            )
            update plan_allowances a set used = a.used - 1
            from refunded r
            where a.org_id = r.org_id and a.plan = r.plan and a.period_start = r.period_start
                and a.used > 0
        )",
        deployment_id
    );
}

void schedule_message(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id,
    std::chrono::milliseconds delay
)
{
    transaction.exec_params(
        R"(
            select announce(
                id, $2, $3, coalesce(lease_until, now() + $4 * interval '1 millisecond'))
            from deployments where id = $1
        )",
        deployment_id,
        routes.exchange,
        routes.routing_key,
        static_cast<std::int64_t>(delay.count())
    );
}

void write_dead_letter(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id,
    const std::string& failure_class,
    const std::string& reason
)
{
    transaction.exec_params(
        R"(
            select file_letter(d.id, $4, $5, convert_to(queue_message(d), 'UTF8'), $2, $3)
            from deployments d where d.id = $1
        )",
        deployment_id,
        routes.dead_letter_exchange,
        routes.dead_letter_routing_key,
        failure_class,
        reason
    );
}

}  // namespace libra
