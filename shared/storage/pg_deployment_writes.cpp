#include "shared/storage/pg_deployment_writes.hpp"

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

void settle_project(pqxx::transaction_base& transaction, const std::string& deployment_id)
{
    transaction.exec_params(
        R"(
            update projects p
            set deployment_status = case d.status
                when 'queued' then 'preparing'
                when 'in_progress' then 'deploying'
                when 'completed' then 'deployed'
                when 'failed' then 'failed'
                else case when p.live_generation > 0 then 'deployed' else 'idle' end
            end
            from deployments d
            where d.id = $1 and p.id = d.project_id
        )",
        deployment_id
    );
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
    const auto milliseconds = static_cast<std::int64_t>(delay.count());
    // Without its token the row survives the `remove` of a relay that is just sending it.
    const pqxx::result moved = transaction.exec_params(
        R"(
            update outbox o
            set payload = convert_to(queue_message(d), 'UTF8'),
                available_at = coalesce(d.lease_until, now() + $4 * interval '1 millisecond'),
                claim_token = null, claimed_until = null
            from deployments d
            where d.id = $1 and o.deployment_id = d.id
                and o.exchange = $2 and o.routing_key = $3
        )",
        deployment_id,
        routes.exchange,
        routes.routing_key,
        milliseconds
    );
    if (moved.affected_rows() > 0) {
        return;
    }
    transaction.exec_params(
        R"(
            insert into outbox (deployment_id, exchange, routing_key, payload, available_at)
            select d.id, $2, $3, convert_to(queue_message(d), 'UTF8'),
                   coalesce(d.lease_until, now() + $4 * interval '1 millisecond')
            from deployments d
            where d.id = $1
        )",
        deployment_id,
        routes.exchange,
        routes.routing_key,
        milliseconds
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
            with letter as (
                insert into dead_letters
                    (deployment_id, failure_class, reason, message, message_digest)
                select d.id, $4, $5, m.message, sha256(m.message)
                from deployments d,
                     lateral (select convert_to(queue_message(d), 'UTF8') as message) m
                where d.id = $1
                returning deployment_id, reason, message
            )
            insert into outbox (deployment_id, exchange, routing_key, headers, payload)
            select deployment_id, $2, $3, jsonb_build_object('x-libra-reason', reason), message
            from letter
        )",
        deployment_id,
        routes.dead_letter_exchange,
        routes.dead_letter_routing_key,
        failure_class,
        reason
    );
}

}  // namespace libra
