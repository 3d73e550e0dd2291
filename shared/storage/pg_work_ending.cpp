#include "shared/storage/pg_deployment_writes.hpp"
#include "shared/storage/pg_fence.hpp"
#include "shared/storage/pg_work_store.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <utility>

namespace libra {

namespace {

const std::string k_cancelled{"cancelled"};

/// Whether this very call already ended the hold, before its answer was lost: as the caller says,
/// or as the facts that outweigh it.
bool already_ended(
    pqxx::transaction_base& transaction,
    const Lease& lease,
    const std::string& outcome
)
{
    const pqxx::result rows = transaction.exec_params(
        R"(
            select from attempts a
            join deployments d on d.id = a.deployment_id
            join projects p on p.id = d.project_id
            where a.deployment_id = $1 and a.fence = $2
                and (a.outcome = $3
                     or (a.outcome = 'cancelled' and d.cancel_requested)
                     or (a.outcome = 'completed' and p.live_deployment = d.id))
        )",
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

/// What is true of a deployment whatever its worker believes.
struct Facts {
    bool live{};
    bool switching{};  // so it may be seen
    bool cancel_requested{};
};

/// Locks the deployment. @return nothing when the lease is gone.
std::optional<Facts> facts_of(pqxx::transaction_base& transaction, const Lease& lease)
{
    const pqxx::result rows = transaction.exec_params(
        R"(
            select p.live_deployment is not distinct from d.id,
                   p.switching is not distinct from d.id, d.cancel_requested
            from deployments d join projects p on p.id = d.project_id
            where d.id = $1 and d.fence = $2 and d.status = 'in_progress'
            for no key update of d
        )",
        lease.deployment_id,
        lease.fence
    );
    if (rows.empty()) {
        return std::nullopt;
    }
    return Facts{
        .live = rows[0][0].as<bool>(),
        .switching = rows[0][1].as<bool>(),
        .cancel_requested = rows[0][2].as<bool>()};
}

void write_cancelled(pqxx::transaction_base& transaction, const Lease& lease)
{
    transaction.exec_params(
        R"(
            update deployments
            set status = 'cancelled', cancel_requested = true,
                error_code = coalesce(cancel_code, 'cancelled'),
                error = coalesce(cancel_reason, 'Cancelled on request.'),
                lease_owner = null, lease_until = null, finished_at = now(), updated_at = now()
            where id = $1
        )",
        lease.deployment_id
    );
    interrupt_steps(transaction, lease.deployment_id);
}

/// RescueStore::restore_sites writes the end once the site shows what is live.
void leave_to_rescuer(pqxx::transaction_base& transaction, const Lease& lease)
{
    transaction.exec_params(
        R"(
            update deployments set cancel_requested = true, lease_until = now(), updated_at = now()
            where id = $1
        )",
        lease.deployment_id
    );
}

}  // namespace

Result<void> PgWorkStore::end(const Lease& lease, const Ending& ending, const EndWrite& write)
{
    auto ended = pool_.transact([&](pqxx::transaction_base& transaction) -> Result<void> {
        lock_project(transaction, lease.deployment_id);
        const std::optional<Facts> facts = facts_of(transaction, lease);
        if (!facts) {
            return already_ended(transaction, lease, ending.outcome) ? Result<void>{}
                                                                     : fenced(lease);
        }
        const bool completes = ending.outcome == "completed";
        if (facts->live && !completes) {
            close_attempt(transaction, lease, "completed", ending.step, ending.failure);
            end_as_live(transaction, routes_, lease.deployment_id);
            return {};
        }
        const bool cancelled =
            !completes && (facts->cancel_requested || ending.outcome == k_cancelled);
        close_attempt(
            transaction,
            lease,
            cancelled ? k_cancelled : ending.outcome,
            ending.step,
            cancelled ? std::nullopt : ending.failure
        );
        if (cancelled && facts->switching) {
            leave_to_rescuer(transaction, lease);
            return {};
        }
        if (cancelled) {
            write_cancelled(transaction, lease);
        } else {
            write(transaction);
        }
        free_slot(transaction, lease.deployment_id);
        settle_project(transaction, routes_, lease.deployment_id);
        return {};
    });
    if (ended.has_value()) {
        static_cast<void>(fill_slots(pool_, routes_));
    }
    return ended;
}

Result<void> PgWorkStore::complete(const Lease& lease, const Completion& completion)
{
    return end(lease, {.outcome = "completed"}, [&](pqxx::transaction_base& transaction) {
        transaction.exec_params(
            R"(
                    update deployments
                    set status = 'completed', url = nullif($2, ''), preview_url = nullif($3, ''),
                        statistics = nullif($4, '')::jsonb, lease_owner = null, lease_until = null,
                        finished_at = now(), updated_at = now()
                    where id = $1
                )",
            lease.deployment_id,
            completion.url,
            completion.preview_url,
            completion.statistics_json
        );
    });
}

Result<void> PgWorkStore::fail(
    const Lease& lease,
    const Failure& failure,
    StepName step,
    const FailureNotes& notes
)
{
    const std::string failure_class{to_string(failure.failure_class)};
    const std::string message = database_text(failure.message);
    return end(
        lease,
        {.outcome = "failed", .step = step, .failure = failure},
        [&](pqxx::transaction_base& transaction) {
            transaction.exec_params(
                R"(
                    update deployments
                    set status = 'failed', failure_class = $2, error_code = $3, error = $4,
                        statistics = nullif($5, '')::jsonb,
                        failure_report = nullif($6, '')::jsonb, lease_owner = null,
                        lease_until = null, finished_at = now(), updated_at = now()
                    where id = $1
                )",
                lease.deployment_id,
                failure_class,
                database_text(failure.code),
                message,
                notes.statistics_json,
                notes.report_json
            );
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
        {.outcome = k_cancelled, .step = step},
        [&](pqxx::transaction_base& transaction) { write_cancelled(transaction, lease); }
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
            transaction.exec_params(
                R"(
                    update deployments
                    set status = 'queued', retry_count = retry_count + 1,
                        lease_owner = null, lease_until = null, updated_at = now()
                    where id = $1
                )",
                lease.deployment_id
            );
            schedule_message(transaction, routes_, lease.deployment_id, delay);
        }
    );
}

Result<void> PgWorkStore::hand_back(const Lease& lease)
{
    return end(lease, {.outcome = "handed_back"}, [&](pqxx::transaction_base& transaction) {
        transaction.exec_params(
            R"(
                    update deployments
                    set status = 'queued', attempt = attempt - 1,
                        lease_owner = null, lease_until = null, updated_at = now()
                    where id = $1
                )",
            lease.deployment_id
        );
        schedule_message(transaction, routes_, lease.deployment_id, std::chrono::milliseconds{0});
    });
}

}  // namespace libra
