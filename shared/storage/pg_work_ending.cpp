#include "shared/storage/pg_deployment_writes.hpp"
#include "shared/storage/pg_fence.hpp"
#include "shared/storage/pg_work_store.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

namespace libra {

namespace {

/// Whether this very call already ended the hold, before its answer was lost.
bool already_ended(
    pqxx::transaction_base& transaction,
    const Lease& lease,
    const std::string& outcome
)
{
    const pqxx::result rows = transaction.exec_params(
        "select from attempts where deployment_id = $1 and fence = $2 and outcome = $3",
        lease.deployment_id,
        lease.fence,
        outcome
    );
    return !rows.empty();
}

void close_attempt(
    pqxx::transaction_base& transaction,
    const Lease& lease,
    const std::string& outcome,
    const std::optional<StepName>& step,
    const std::optional<Failure>& failure
)
{
    const Failure why = failure.value_or(Failure{});
    transaction.exec_params(
        R"(
            update attempts
            set ended_at = now(), outcome = $3, step = nullif($4, ''),
                failure_class = nullif($5, ''), error_code = nullif($6, ''), error = nullif($7, '')
            where deployment_id = $1 and fence = $2
        )",
        lease.deployment_id,
        lease.fence,
        outcome,
        step ? std::string{to_string(*step)} : "",
        failure ? std::string{to_string(why.failure_class)} : "",
        database_text(why.code),
        database_text(why.message)
    );
}

}  // namespace

Result<void> PgWorkStore::end(
    const Lease& lease,
    const Ending& ending,
    const EndWrite& write,
    const Afterwards& afterwards
)
{
    return pool_.transact([&](pqxx::transaction_base& transaction) -> Result<void> {
        lock_project(transaction, lease.deployment_id);
        if (write(transaction) == 0) {
            if (already_ended(transaction, lease, ending.outcome)) {
                return {};
            }
            return fenced(lease);
        }
        close_attempt(transaction, lease, ending.outcome, ending.step, ending.failure);
        settle_project(transaction, lease.deployment_id);
        afterwards(transaction);
        return {};
    });
}

Result<void> PgWorkStore::complete(const Lease& lease, const Completion& completion)
{
    return end(
        lease,
        {.outcome = "completed"},
        [&](pqxx::transaction_base& transaction) {
            return transaction
                .exec_params(
                    R"(
                        update deployments
                        set status = 'completed', url = nullif($3, ''),
                            preview_url = nullif($4, ''), statistics = nullif($5, '')::jsonb,
                            lease_owner = null, lease_until = null,
                            finished_at = now(), updated_at = now()
                        where id = $1 and fence = $2 and status = 'in_progress'
                    )",
                    lease.deployment_id,
                    lease.fence,
                    completion.url,
                    completion.preview_url,
                    completion.statistics_json
                )
                .affected_rows();
        },
        [](pqxx::transaction_base&) {}
    );
}

Result<void> PgWorkStore::fail(
    const Lease& lease,
    const Failure& failure,
    StepName step,
    const std::string& statistics_json
)
{
    const std::string failure_class{to_string(failure.failure_class)};
    const std::string message = database_text(failure.message);
    return end(
        lease,
        {.outcome = "failed", .step = step, .failure = failure},
        [&](pqxx::transaction_base& transaction) {
            return transaction
                .exec_params(
                    R"(
                        update deployments
                        set status = 'failed', failure_class = $3, error_code = $4, error = $5,
                            statistics = nullif($6, '')::jsonb,
                            lease_owner = null, lease_until = null,
                            finished_at = now(), updated_at = now()
                        where id = $1 and fence = $2 and status = 'in_progress'
                    )",
                    lease.deployment_id,
                    lease.fence,
                    failure_class,
                    database_text(failure.code),
                    message,
                    statistics_json
                )
                .affected_rows();
        },
        [&](pqxx::transaction_base& transaction) {
            interrupt_steps(transaction, lease.deployment_id);
            const bool exhausted = failure.failure_class == FailureClass::exhausted;
            if (exhausted || failure.failure_class == FailureClass::transient) {
                give_back_quota(transaction, lease.deployment_id);
            }
            if (exhausted || failure.failure_class == FailureClass::poison) {
                write_dead_letter(
                    transaction, routes_, lease.deployment_id, failure_class, message
                );
            }
        }
    );
}

Result<void> PgWorkStore::cancel(const Lease& lease, StepName step)
{
    return end(
        lease,
        {.outcome = "cancelled", .step = step},
        [&](pqxx::transaction_base& transaction) {
            return transaction
                .exec_params(
                    R"(
                        update deployments
                        set status = 'cancelled', lease_owner = null, lease_until = null,
                            finished_at = now(), updated_at = now()
                        where id = $1 and fence = $2 and status = 'in_progress'
                    )",
                    lease.deployment_id,
                    lease.fence
                )
                .affected_rows();
        },
        [&](pqxx::transaction_base& transaction) {
            interrupt_steps(transaction, lease.deployment_id);
        }
    );
}

Result<void> PgWorkStore::retry_later(
    const Lease& lease,
    const Failure& failure,
    StepName step,
    std::chrono::milliseconds delay
)
{
    return end(
        lease,
        {.outcome = "retry", .step = step, .failure = failure},
        [&](pqxx::transaction_base& transaction) {
            return transaction
                .exec_params(
                    R"(
                        update deployments
                        set status = 'queued', retry_count = retry_count + 1,
                            lease_owner = null, lease_until = null, updated_at = now()
                        where id = $1 and fence = $2 and status = 'in_progress'
                    )",
                    lease.deployment_id,
                    lease.fence
                )
                .affected_rows();
        },
        [&](pqxx::transaction_base& transaction) {
            schedule_message(transaction, routes_, lease.deployment_id, delay);
        }
    );
}

Result<void> PgWorkStore::hand_back(const Lease& lease)
{
    return end(
        lease,
        {.outcome = "handed_back"},
        [&](pqxx::transaction_base& transaction) {
            return transaction
                .exec_params(
                    R"(
                        update deployments
                        set status = 'queued', attempt = attempt - 1,
                            lease_owner = null, lease_until = null, updated_at = now()
                        where id = $1 and fence = $2 and status = 'in_progress'
                    )",
                    lease.deployment_id,
                    lease.fence
                )
                .affected_rows();
        },
        [&](pqxx::transaction_base& transaction) {
            schedule_message(
                transaction, routes_, lease.deployment_id, std::chrono::milliseconds{0}
            );
        }
    );
}

}  // namespace libra
