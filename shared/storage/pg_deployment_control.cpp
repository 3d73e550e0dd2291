#include "shared/storage/pg_deployment_control.hpp"

#include "shared/storage/pg_deployment_writes.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <array>
#include <stdexcept>
#include <utility>

namespace libra {

namespace {

CancelVerdict verdict_of(const std::string& word)
{
    static constexpr std::array k_words{
        std::pair{CancelVerdict::cancelled, "cancelled"},
        std::pair{CancelVerdict::cancelling, "cancelling"},
        std::pair{CancelVerdict::live, "live"},
        std::pair{CancelVerdict::finished, "finished"},
        std::pair{CancelVerdict::unauthenticated, "unauthenticated"},
        std::pair{CancelVerdict::missing_scope, "missing_scope"},
        std::pair{CancelVerdict::not_found, "not_found"},
        std::pair{CancelVerdict::role_may_not_deploy, "role_may_not_deploy"},
    };
    for (const auto& [verdict, known] : k_words) {
        if (word == known) {
            return verdict;
        }
    }
    throw std::logic_error{"cancel_deployment gave a verdict this binary does not know: " + word};
}

QueuePlace read_place(const pqxx::row& row)
{
    QueuePlace place{
        .status = parse_deployment_status(row["status"].as<std::string>()).value(),
    };
    if (place.status != DeploymentStatus::queued) {
        return place;
    }
    if (!row["held_by"].is_null()) {
        place.held_by = row["held_by"].as<std::string>();
    }
    if (!row["retry_at"].is_null()) {
        place.retry_at = utc_time(row["retry_at"]);
    }
    place.organization_full = row["full_organization"].as<bool>();
    place.fleet_full = row["full_fleet"].as<bool>();
    place.ahead = row["ahead"].as<std::int64_t>();
    place.running = row["running"].as<std::int64_t>();
    place.capacity = row["capacity"].as<std::int64_t>();
    place.estimated_start = utc_time(row["estimated_start"]);
    return place;
}

}  // namespace

PgDeploymentControl::PgDeploymentControl(PgPool& pool, OutboxRoutes routes)
    : pool_{pool}, routes_{std::move(routes)}
{
}

Result<CancelVerdict> PgDeploymentControl::cancel(
    const Credential& credential,
    const std::string& deployment_id,
    const std::string& request_id
)
{
    auto verdict = answer_of_statement<CancelVerdict>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<CancelVerdict> {
            return verdict_of(
                statement
                    .exec_params1(
                        "select cancel_deployment($1, $2, $3, $4, $5, $6), note_use($1, $2)",
                        bytea(credential.digest),
                        credential.kind == CredentialKind::session,
                        deployment_id,
                        request_id,
                        routes_.exchange,
                        routes_.routing_key
                    )[0]
                    .as<std::string>()
            );
        }
    );
    if (verdict.has_value() && *verdict == CancelVerdict::cancelled) {
        static_cast<void>(fill_slots(pool_, routes_));
    }
    return verdict;
}

Result<QueuePlace>
PgDeploymentControl::place(const Credential& credential, const std::string& deployment_id)
{
    return answer_of_transaction<QueuePlace>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<QueuePlace> {
            const pqxx::result callers = transaction.exec_params(
                R"(
                    select c.service or 'admin' = any (c.scopes) or exists (
                        select from deployments d
                        join members m on m.org_id = d.org_id and m.user_id = c.user_id
                        where d.id = $3)
                    from principal_of($1, $2) c, note_use($1, $2)
                )",
                bytea(credential.digest),
                credential.kind == CredentialKind::session,
                deployment_id
            );
            if (callers.empty()) {
                return Error{Errc::unauthenticated, "unknown, expired or revoked credential"};
            }
            const pqxx::result rows = transaction.exec_params(
                R"(
                    select q.status, q.held_by, q.full_organization, q.full_fleet, q.ahead,
                           q.running, q.capacity,
                           floor(extract(epoch from q.retry_at) * 1000)::bigint as retry_at,
                           floor(extract(epoch from q.estimated_start) * 1000)::bigint
                               as estimated_start
                    from deployments d, lateral queue_place(d.id) q
                    where d.id = $1
                )",
                deployment_id
            );
            if (!callers[0][0].as<bool>() || rows.empty()) {
                return Error{Errc::not_found, "no such deployment for this caller"};
            }
            return read_place(rows[0]);
        }
    );
}

}  // namespace libra
