#include "shared/storage/pg_admission_store.hpp"

#include "shared/storage/pg_deployment_writes.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <array>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace libra {

namespace {

// Prepared, because reading and planning it anew takes a good part of the time.
constexpr const char* k_accept = "accept_deployment";
constexpr const char* k_accept_sql = R"(
    select verdict, floor(extract(epoch from accepted_at) * 1000)::bigint, blocking_id, earlier_id,
           array_to_string(missing, ' '), waiting, recent,
           ceil(recent_ends_in)::integer, note_use($1, $2)
    from accept_deployment($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
)";

AdmissionVerdict verdict_of(const std::string& word)
{
    static constexpr std::array k_words{
        std::pair{AdmissionVerdict::rate_limited, "rate_limited"},
        std::pair{AdmissionVerdict::accepted, "accepted"},
        std::pair{AdmissionVerdict::unauthenticated, "unauthenticated"},
        std::pair{AdmissionVerdict::missing_scope, "missing_scope"},
        std::pair{AdmissionVerdict::not_the_caller, "not_the_caller"},
        std::pair{AdmissionVerdict::not_a_member, "not_a_member"},
        std::pair{AdmissionVerdict::role_may_not_deploy, "role_may_not_deploy"},
        std::pair{AdmissionVerdict::project_not_found, "project_not_found"},
        std::pair{AdmissionVerdict::project_inactive, "project_inactive"},
        std::pair{AdmissionVerdict::deployment_in_progress, "deployment_in_progress"},
        std::pair{AdmissionVerdict::outbox_full, "outbox_full"},
        std::pair{AdmissionVerdict::key_reused, "key_reused"},
        std::pair{AdmissionVerdict::missing_files, "missing_files"},
    };
    for (const auto& [verdict, known] : k_words) {
        if (word == known) {
            return verdict;
        }
    }
    throw std::logic_error{"accept_deployment gave a verdict this binary does not know: " + word};
}

/// @param words  in hexadecimal, with blanks between them.
std::set<Digest> digests_of(const std::string& words)
{
    std::set<Digest> digests;
    std::istringstream stream{words};
    for (std::string word; stream >> word;) {
        digests.insert(Digest::parse(word).value());
    }
    return digests;
}

}  // namespace

PgAdmissionStore::PgAdmissionStore(PgPool& pool, OutboxRoutes routes, const AdmissionLimits& limits)
    : pool_{pool},
      routes_{std::move(routes)},
      allowance_{limits.waiting_messages},
      deploys_a_minute_{limits.deploys_a_minute}
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
                    from principal_of($1, $2) left join lateral unnest(scopes) as scope on true,
                        note_use($1, $2)
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
    const std::optional<int> outbox_limit = allowance_.take();
    auto admission = answer_of_statement<Admission>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<Admission> {
            statement.conn().prepare(k_accept, k_accept_sql);
            const pqxx::row row = statement.exec_prepared1(
                k_accept,
                bytea(credential.digest),
                credential.kind == CredentialKind::session,
                deployment.id,
                deployment.project_id,
                deployment.org_id,
                deployment.user_id,
                deployment.params_json,
                deployment.request_id,
                std::string{to_string(deployment.on_conflict)},
                outbox_limit,
                routes_.exchange,
                routes_.routing_key,
                deployment.idempotency_key,
                deployment.has_uploads,
                deploys_a_minute_
            );
            Admission found{
                .verdict = verdict_of(row[0].as<std::string>()),
                .accepted_at = row[1].is_null() ? UtcTime{} : utc_time(row[1]),
                .blocking_deployment = row[2].as<std::string>("")};
            if (!row[3].is_null()) {
                found.earlier_deployment = row[3].as<std::string>();
            }
            found.missing = digests_of(row[4].as<std::string>(""));
            if (!row[5].is_null()) {
                allowance_.counted(row[5].as<int>());
            }
            if (!row[6].is_null()) {
                found.rate = {
                    .limit = *deploys_a_minute_,
                    .accepted = row[6].as<int>(),
                    .oldest_ends_in = std::chrono::seconds{row[7].as<int>(0)}};
            }
            return found;
        }
    );
    // What was superseded may have had a slot.
    if (admission.has_value() && deployment.on_conflict == OnConflict::supersede) {
        static_cast<void>(fill_slots(pool_, routes_));
    }
    return admission;
}

}  // namespace libra
