#include "shared/storage/pg_deployment_writes.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/pg_work_store.hpp"

#include <fmt/format.h>
#include <pqxx/result>
#include <pqxx/transaction_base>

namespace libra {

namespace {

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

std::optional<ClaimedDeployment> try_claim(
    pqxx::transaction_base& transaction,
    const std::string& deployment_id,
    const std::string& worker_id
)
{
    const pqxx::result rows = transaction.exec_params(
        R"(
            update deployments d
            set status = 'in_progress', fence = fence + 1, attempt = attempt + 1,
                lease_owner = $2, lease_until = now() + $3 * interval '1 second',
                started_at = coalesce(started_at, now()), updated_at = now()
            from projects p
            where d.id = $1 and p.id = d.project_id
                and (d.status = 'queued' or (d.status = 'in_progress' and d.lease_until <= now()))
                and not d.cancel_requested and d.attempt < $4
            returning d.fence, d.attempt, d.retry_count, d.generation, d.project_id, d.org_id,
                      d.user_id, p.site_label, d.params::text, d.request_id,
                      floor(extract(epoch from d.created_at) * 1000)::bigint as accepted_at
        )",
        deployment_id,
        worker_id,
        static_cast<std::int64_t>(k_lease_duration.count()),
        k_max_attempts
    );
    if (rows.empty()) {
        return std::nullopt;
    }
    const pqxx::row row = rows[0];
    ClaimedDeployment claimed{
        .lease = {.deployment_id = deployment_id, .fence = row["fence"].as<std::int64_t>()},
        .attempt = row["attempt"].as<int>(),
        .retry_count = row["retry_count"].as<int>(),
        .generation = row["generation"].as<std::int64_t>(),
        .project_id = row["project_id"].as<std::string>(),
        .org_id = row["org_id"].as<std::string>(),
        .user_id = row["user_id"].as<std::string>(),
        .site_label = row["site_label"].as<std::string>(),
        .params_json = row["params"].as<std::string>(),
        .request_id = row["request_id"].as<std::string>(),
        .accepted_at = utc_time(row["accepted_at"])};

    close_lost_attempts(transaction, deployment_id);
    transaction.exec_params("delete from deployment_steps where deployment_id = $1", deployment_id);
    transaction.exec_params(
        "insert into attempts (deployment_id, fence, number, worker) values ($1, $2, $3, $4)",
        deployment_id,
        claimed.lease.fence,
        claimed.attempt,
        worker_id
    );
    return claimed;
}

/// Whether a claim whose commit got no answer was committed. Waits for it if it is still under way.
bool was_committed(pqxx::transaction_base& transaction, const Lease& lease)
{
    const pqxx::result rows = transaction.exec_params(
        "select fence from deployments where id = $1 for no key update", lease.deployment_id
    );
    return !rows.empty() && rows[0][0].as<std::int64_t>() == lease.fence;
}

void finish_cancelled(pqxx::transaction_base& transaction, const std::string& deployment_id)
{
    transaction.exec_params(
        R"(
            update deployments
            set status = 'cancelled', fence = fence + 1, lease_owner = null, lease_until = null,
                finished_at = now(), updated_at = now()
            where id = $1
        )",
        deployment_id
    );
    close_lost_attempts(transaction, deployment_id);
    interrupt_steps(transaction, deployment_id);
    settle_project(transaction, deployment_id);
}

void finish_exhausted(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id
)
{
    const std::string error = fmt::format(
        "The deployment stopped without an answer in each of {} attempts. Deploy again; if that "
        "fails too, report the deployment id to the platform's operators.",
        k_max_attempts
    );
    transaction.exec_params(
        R"(
            update deployments
            set status = 'failed', failure_class = 'exhausted', error_code = 'worker_lost',
                error = $2, fence = fence + 1, lease_owner = null, lease_until = null,
                finished_at = now(), updated_at = now()
            where id = $1
        )",
        deployment_id,
        error
    );
    close_lost_attempts(transaction, deployment_id);
    interrupt_steps(transaction, deployment_id);
    settle_project(transaction, deployment_id);
    give_back_quota(transaction, deployment_id);
    write_dead_letter(transaction, routes, deployment_id, "exhausted", error);
}

}  // namespace

PgWorkStore::PgWorkStore(PgPool& pool, OutboxRoutes routes)
    : pool_{pool}, routes_{std::move(routes)}
{
}

Result<ClaimAnswer>
PgWorkStore::claim(const std::string& deployment_id, const std::string& worker_id)
{
    std::optional<ClaimedDeployment> claimed;  // outlives a commit that got no answer
    return answer_of_transaction<ClaimAnswer>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<ClaimAnswer> {
            if (claimed && was_committed(transaction, claimed->lease)) {
                return ClaimAnswer{*claimed};
            }
            claimed = try_claim(transaction, deployment_id, worker_id);
            if (claimed) {
                return ClaimAnswer{*claimed};
            }
            ClaimAnswer answer = refuse_or_claim(transaction, deployment_id, worker_id);
            if (auto* late = std::get_if<ClaimedDeployment>(&answer)) {
                claimed = *late;
            }
            return answer;
        }
    );
}

ClaimAnswer PgWorkStore::refuse_or_claim(
    pqxx::transaction_base& transaction,
    const std::string& deployment_id,
    const std::string& worker_id
)
{
    lock_project(transaction, deployment_id);
    const pqxx::result rows = transaction.exec_params(
        R"(
            select status, coalesce(lease_until > now(), false) as leased, cancel_requested, attempt
            from deployments where id = $1 for no key update
        )",
        deployment_id
    );
    if (rows.empty()) {
        return ClaimRefusal::unknown;
    }
    const pqxx::row row = rows[0];
    if (is_terminal(parse_deployment_status(row["status"].as<std::string>()).value())) {
        return ClaimRefusal::terminal;
    }
    if (row["leased"].as<bool>()) {
        schedule_message(transaction, routes_, deployment_id, std::chrono::milliseconds{0});
        return ClaimRefusal::leased_elsewhere;
    }
    if (row["cancel_requested"].as<bool>()) {
        finish_cancelled(transaction, deployment_id);
        return ClaimRefusal::cancelled;
    }
    if (row["attempt"].as<int>() >= k_max_attempts) {
        finish_exhausted(transaction, routes_, deployment_id);
        return ClaimRefusal::exhausted;
    }
    // It became free between the two looks; now it is locked, so the claim cannot fail.
    return try_claim(transaction, deployment_id, worker_id).value();
}

}  // namespace libra
