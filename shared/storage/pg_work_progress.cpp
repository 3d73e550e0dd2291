#include "shared/storage/pg_deployment_writes.hpp"
#include "shared/storage/pg_fence.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_work_store.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

namespace libra {

namespace {

/// For writes that a crash of the database may take back: a later one is durable only with them.
void commit_without_waiting_for_the_disk(pqxx::transaction_base& transaction)
{
    transaction.exec("set local synchronous_commit = off");
}

std::string_view word_of(LogStream stream)
{
    switch (stream) {
    case LogStream::out:
        return "stdout";
    case LogStream::err:
        return "stderr";
    case LogStream::milestone:
        break;
    }
    return "milestone";
}

/// The last line's number, and what has to be found there if it was written.
struct Appended {
    std::int64_t last{};
    std::string text{};
};

/// Whether an append whose commit got no answer was committed. Waits for it if it is still under
/// way. Only this lease writes lines, so equal text at the same number is ours.
bool was_committed(
    pqxx::transaction_base& transaction,
    const Lease& lease,
    const Appended& appended
)
{
    transaction.exec_params(
        "select from deployments where id = $1 for no key update", lease.deployment_id
    );
    const pqxx::result rows = transaction.exec_params(
        "select from deployment_log where deployment_id = $1 and seq = $2 and line = $3",
        lease.deployment_id,
        appended.last,
        appended.text
    );
    return !rows.empty();
}

/// @return the number of the last line, or nothing if the lease is gone.
std::optional<std::int64_t>
append(pqxx::transaction_base& transaction, const Lease& lease, const std::vector<LogLine>& lines)
{
    std::vector<std::string_view> steps;
    std::vector<std::string_view> streams;
    std::vector<std::string_view> texts;
    for (const LogLine& line : lines) {
        steps.push_back(to_string(line.step));
        streams.push_back(word_of(line.stream));
        texts.emplace_back(line.text);
    }
    const pqxx::result rows = transaction.exec_params(
        R"(
            with held as (
                update deployments set log_lines = log_lines + $3
                where id = $1 and fence = $2 and status = 'in_progress'
                returning id, log_lines - $3 as already, log_lines
            ), written as (
                insert into deployment_log (deployment_id, seq, step, stream, line)
                select held.id, held.already + line.number, line.step, line.stream, line.text
                from held, unnest($4::text[], $5::text[], $6::text[])
                     with ordinality as line (step, stream, text, number)
            )
            select log_lines from held
        )",
        lease.deployment_id,
        lease.fence,
        static_cast<std::int64_t>(lines.size()),
        text_array(steps),
        text_array(streams),
        text_array(texts)
    );
    return rows.empty() ? std::nullopt : std::optional{rows[0][0].as<std::int64_t>()};
}

}  // namespace

Result<bool> PgWorkStore::renew(const Lease& lease)
{
    return answer_of_statement<bool>(pool_, [&](pqxx::transaction_base& statement) -> Result<bool> {
        const pqxx::result rows = statement.exec_params(
            R"(
                    update deployments set lease_until = now() + $3 * interval '1 second'
                    where id = $1 and fence = $2 and status = 'in_progress'
                    returning cancel_requested
                )",
            lease.deployment_id,
            lease.fence,
            static_cast<std::int64_t>(k_lease_duration.count())
        );
        if (rows.empty()) {
            return fenced(lease);
        }
        return rows[0][0].as<bool>();
    });
}

Result<bool> PgWorkStore::cancel_requested(const Lease& lease)
{
    return answer_of_statement<bool>(pool_, [&](pqxx::transaction_base& statement) -> Result<bool> {
        const pqxx::result rows = statement.exec_params(
            R"(
                select cancel_requested from deployments
                where id = $1 and fence = $2 and status = 'in_progress'
            )",
            lease.deployment_id,
            lease.fence
        );
        if (rows.empty()) {
            return fenced(lease);
        }
        return rows[0][0].as<bool>();
    });
}

Result<void>
PgWorkStore::begin_step(const Lease& lease, StepName step, const std::string& milestone)
{
    return pool_.transact([&](pqxx::transaction_base& transaction) -> Result<void> {
        commit_without_waiting_for_the_disk(transaction);
        if (step == StepName::deploy) {
            lock_project(transaction, lease.deployment_id);
        }
        // A step that is there under this fence was begun by this very call, before its answer was
        // lost. One of an earlier claim begins anew.
        const pqxx::result held = transaction.exec_params(
            R"(
                with held as (
                    update deployments set updated_at = now(), log_lines = log_lines + 1
                    where id = $1 and fence = $2 and status = 'in_progress'
                    returning id, attempt, fence, log_lines
                ), begun as (
                    insert into deployment_steps as s
                        (deployment_id, step, status, attempt, fence, started_at)
                    select id, $3, 'in_progress', attempt, fence, now() from held
                    on conflict (deployment_id, step) do update
                    set status = excluded.status, attempt = excluded.attempt,
                        fence = excluded.fence, started_at = excluded.started_at, error = null,
                        finished_at = null
                    where s.fence < excluded.fence
                    returning deployment_id
                ), line as (
                    insert into deployment_log (deployment_id, seq, step, stream, line)
                    select held.id, held.log_lines, $3, 'milestone', $4
                    from held join begun on begun.deployment_id = held.id
                )
                select from held
            )",
            lease.deployment_id,
            lease.fence,
            std::string{to_string(step)},
            database_text(milestone)
        );
        if (held.empty()) {
            return fenced(lease);
        }
        if (step == StepName::deploy) {
            settle_project(transaction, routes_, lease.deployment_id);
        }
        return {};
    });
}

Result<void>
PgWorkStore::end_step(const Lease& lease, StepName step, const std::optional<std::string>& error)
{
    const std::string shown_error = database_text(error.value_or(""));
    return pool_.transact([&](pqxx::transaction_base& transaction) -> Result<void> {
        commit_without_waiting_for_the_disk(transaction);
        // Inserts only where a crash of the database took the step's beginning back.
        const pqxx::result held = transaction.exec_params(
            R"(
                with held as (
                    update deployments set updated_at = now()
                    where id = $1 and fence = $2 and status = 'in_progress'
                    returning id, attempt, fence
                ), ended as (
                    insert into deployment_steps as s
                        (deployment_id, step, status, error, attempt, fence, started_at,
                         finished_at)
                    select id, $3, $4, $5, attempt, fence, now(), now() from held
                    on conflict (deployment_id, step) do update
                    set status = excluded.status, error = excluded.error,
                        finished_at = coalesce(s.finished_at, now())
                )
                select from held
            )",
            lease.deployment_id,
            lease.fence,
            std::string{to_string(step)},
            std::string{to_string(error ? StepStatus::failed : StepStatus::completed)},
            error ? shown_error.c_str() : nullptr
        );
        if (held.empty()) {
            return fenced(lease);
        }
        return {};
    });
}

Result<void> PgWorkStore::append_log(const Lease& lease, const std::vector<LogLine>& lines)
{
    if (lines.empty()) {
        return {};
    }
    std::optional<Appended> appended;  // outlives a commit that got no answer
    return pool_.transact([&](pqxx::transaction_base& transaction) -> Result<void> {
        if (appended && was_committed(transaction, lease, *appended)) {
            return {};
        }
        commit_without_waiting_for_the_disk(transaction);
        const std::optional<std::int64_t> last = append(transaction, lease, lines);
        if (!last) {
            return fenced(lease);
        }
        appended = {.last = *last, .text = database_text(lines.back().text)};
        return {};
    });
}

}  // namespace libra
