#include "shared/storage/pg_admission_store.hpp"

#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <array>
#include <stdexcept>
#include <utility>

namespace libra {

namespace {

AdmissionVerdict verdict_of(const std::string& word)
{
    static constexpr std::array k_words{
        std::pair{AdmissionVerdict::accepted, "accepted"},
        std::pair{AdmissionVerdict::unauthenticated, "unauthenticated"},
        std::pair{AdmissionVerdict::missing_scope, "missing_scope"},
        std::pair{AdmissionVerdict::not_the_caller, "not_the_caller"},
        std::pair{AdmissionVerdict::not_a_member, "not_a_member"},
        std::pair{AdmissionVerdict::role_may_not_deploy, "role_may_not_deploy"},
        std::pair{AdmissionVerdict::project_not_found, "project_not_found"},
        std::pair{AdmissionVerdict::project_inactive, "project_inactive"},
        std::pair{AdmissionVerdict::deployment_in_progress, "deployment_in_progress"},
    };
    for (const auto& [verdict, known] : k_words) {
        if (word == known) {
            return verdict;
        }
    }
    throw std::logic_error{"accept_deployment gave a verdict this binary does not know: " + word};
}

}  // namespace

PgAdmissionStore::PgAdmissionStore(PgPool& pool, OutboxRoutes routes)
    : pool_{pool}, routes_{std::move(routes)}
{
}

Result<Principal> PgAdmissionStore::authenticate(const Credential& credential)
{
    return answer_of_statement<Principal>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<Principal> {
            // One row a scope.
            const pqxx::result rows = statement.exec_params(
                R"(
                    select user_id, service, scope
                    from tokens left join lateral unnest(scopes) as scope on true
                    where not $2 and digest = $1 and revoked_at is null
                        and (expires_at is null or expires_at > now())
                    union all
                    select user_id, false, 'deploy'
                    from sessions
                    where $2 and digest = $1 and expires_at > now()
                )",
                bytea(credential.digest),
                credential.kind == CredentialKind::session
            );
            if (rows.empty()) {
                return Error{Errc::unauthenticated, "unknown, expired or revoked credential"};
            }
            Principal principal{
                .user_id = rows[0][0].as<std::string>(), .service = rows[0][1].as<bool>()};
            for (const pqxx::row& row : rows) {
                if (!row[2].is_null()) {
                    principal.scopes.push_back(row[2].as<std::string>());
                }
            }
            return principal;
        }
    );
}

Result<Admission>
PgAdmissionStore::admit(const Credential& credential, const NewDeployment& deployment)
{
    return answer_of_statement<Admission>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<Admission> {
            const pqxx::row row = statement.exec_params1(
                R"(
                    select verdict, floor(extract(epoch from accepted_at) * 1000)::bigint,
                           blocking_id
                    from accept_deployment($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                )",
                bytea(credential.digest),
                credential.kind == CredentialKind::session,
                deployment.id,
                deployment.project_id,
                deployment.org_id,
                deployment.user_id,
                deployment.params_json,
                deployment.request_id,
                routes_.exchange,
                routes_.routing_key
            );
            return Admission{
                .verdict = verdict_of(row[0].as<std::string>()),
                .accepted_at = row[1].is_null() ? UtcTime{} : utc_time(row[1]),
                .blocking_deployment = row[2].as<std::string>("")};
        }
    );
}

}  // namespace libra
