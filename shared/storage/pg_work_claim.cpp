#include "shared/storage/pg_deployment_writes.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/pg_work_store.hpp"

#include <fmt/format.h>
#include <pqxx/result>
#include <pqxx/transaction_base>

namespace libra {

namespace {

std::optional<UploadedArtifact> uploaded_artifact(const pqxx::row& row)
{
    if (row["release_name"].is_null()) {
        return std::nullopt;
    }
    return UploadedArtifact{
        .release_name = row["release_name"].as<std::string>(),
        .digest = Digest::parse(row["artifact"].as<std::string>()).value(),
        .files = row["artifact_files"].as<std::uint64_t>(),
        .bytes = row["artifact_bytes"].as<std::uint64_t>()};
}

std::optional<ClaimedDeployment> try_claim(
    pqxx::transaction_base& transaction,
    const FleetLimits& limits,
    const std::string& deployment_id,
    const std::string& worker_id
)
{
    const pqxx::result rows = transaction.exec_params(
        R"(
            select d.fence, d.attempt, d.retry_count, d.project_id, d.org_id,
                   d.user_id, p.site_label, d.params::text, d.request_id,
                   floor(extract(epoch from d.created_at) * 1000)::bigint as accepted_at,
                   encode(d.source, 'hex') as source, encode(d.artifact, 'hex') as artifact,
                   d.release_name, d.artifact_files, d.artifact_bytes, d.kind,
                   p.build_settings::text as build_settings,
                   d.trace ->> 'traceparent' as traceparent, d.trace ->> 'tracestate' as tracestate
            from claim_deployment($1, $2, $3 * interval '1 second', $4, $5, nullif($6, 0)) d
            join projects p on p.id = d.project_id
        )",
        deployment_id,
        worker_id,
        static_cast<std::int64_t>(k_lease_duration.count()),
        k_max_attempts,
        limits.deployments,
        limits.of_organization.value_or(0)
    );
    if (rows.empty()) {
        return std::nullopt;
    }
    const pqxx::row row = rows[0];
    ClaimedDeployment claimed{
        .lease = {.deployment_id = deployment_id, .fence = row["fence"].as<std::int64_t>()},
        .attempt = row["attempt"].as<int>(),
        .retry_count = row["retry_count"].as<int>(),
        .project_id = row["project_id"].as<std::string>(),
        .org_id = row["org_id"].as<std::string>(),
        .user_id = row["user_id"].as<std::string>(),
        .site_label = row["site_label"].as<std::string>(),
        .params_json = row["params"].as<std::string>(),
        .request_id = row["request_id"].as<std::string>(),
        .accepted_at = utc_time(row["accepted_at"]),
        .kind = parse_deployment_kind(row["kind"].as<std::string>()).value(),
        .build_settings_json = row["build_settings"].as<std::string>(),
        .uploaded = uploaded_artifact(row),
        .trace = trace_of(row["traceparent"], row["tracestate"])};
    if (claimed.attempt > 1) {
        claimed.taken_from = lost_worker(transaction, deployment_id);
    }
    if (!row["source"].is_null()) {
        claimed.source = Digest::parse(row["source"].as<std::string>()).value();
    }
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

void finish_cancelled(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id
)
{
    transaction.exec_params(
        R"(
            select end_as_cancelled(
                id, coalesce(cancel_code, 'cancelled'),
                coalesce(cancel_reason, 'Cancelled on request.'), $2, $3)
            from deployments where id = $1
        )",
        deployment_id,
        routes.exchange,
        routes.routing_key
    );
}

void finish_live(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id
)
{
    close_lost_attempts(transaction, deployment_id);
    end_as_live(transaction, routes, deployment_id);
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
    settle_project(transaction, routes, deployment_id);
    give_back_quota(transaction, deployment_id);
    write_dead_letter(transaction, routes, deployment_id, "exhausted", error);
}

}  // namespace

PgWorkStore::PgWorkStore(PgPool& pool, OutboxRoutes routes, FleetLimits limits)
    : pool_{pool}, routes_{std::move(routes)}, limits_{limits}
{
}

Result<ClaimAnswer>
PgWorkStore::claim(const std::string& deployment_id, const std::string& worker_id)
{
    std::optional<ClaimedDeployment> claimed;  // outlives a commit that got no answer
    const Result<void> tried =
        pool_.transact([&](pqxx::transaction_base& transaction) -> Result<void> {
            if (!claimed || !was_committed(transaction, claimed->lease)) {
                claimed = try_claim(transaction, limits_, deployment_id, worker_id);
            }
            return {};
        });
    if (tried.has_error()) {
        return tried.error();
    }
    if (claimed) {
        return ClaimAnswer{*std::move(claimed)};
    }
    // In a transaction of its own: the try has locked the deployment before its project.
    const Result<ClaimRefusal> refusal = answer_of_transaction<ClaimRefusal>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<ClaimRefusal> {
            return refuse(transaction, deployment_id);
        }
    );
    if (refusal.has_error()) {
        return refusal.error();
    }
    static_cast<void>(fill_slots(pool_, routes_));
    return ClaimAnswer{*refusal};
}

Result<std::optional<std::string>> PgWorkStore::first_in_line()
{
    using First = std::optional<std::string>;
    return answer_of_statement<First>(
        pool_,
        [](pqxx::transaction_base& statement) -> Result<First> {
            return optional_text(statement.exec1("select first_in_line()")[0]);
        }
    );
}

ClaimRefusal
PgWorkStore::refuse(pqxx::transaction_base& transaction, const std::string& deployment_id)
{
    lock_project(transaction, deployment_id);
    const pqxx::result rows = transaction.exec_params(
        R"(
            select d.status, coalesce(d.lease_until > now(), false) as leased, d.held,
                   d.cancel_requested, d.attempt,
                   p.live_deployment is not distinct from d.id as live,
                   p.switching is not distinct from d.id as switching
            from deployments d join projects p on p.id = d.project_id
            where d.id = $1 for no key update of d
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
    if (row["held"].as<bool>()) {
        return ClaimRefusal::held;
    }
    if (row["leased"].as<bool>()) {
        schedule_message(transaction, routes_, deployment_id, std::chrono::milliseconds{0});
        return ClaimRefusal::leased_elsewhere;
    }
    if (row["cancel_requested"].as<bool>()) {
        // One that may be seen is ended by whoever restores the site.
        if (!row["switching"].as<bool>()) {
            finish_cancelled(transaction, routes_, deployment_id);
        }
        return ClaimRefusal::cancelled;
    }
    if (row["attempt"].as<int>() >= k_max_attempts) {
        if (row["live"].as<bool>()) {
            finish_live(transaction, routes_, deployment_id);
            return ClaimRefusal::completed;
        }
        finish_exhausted(transaction, routes_, deployment_id);
        return ClaimRefusal::exhausted;
    }
    // What is missing is a slot. If one has come free since, it is announced at once.
    park(transaction, routes_, deployment_id, limits_.of_organization);
    return ClaimRefusal::parked;
}

}  // namespace libra
