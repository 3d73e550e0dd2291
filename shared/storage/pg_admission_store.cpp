#include "shared/storage/pg_admission_store.hpp"

#include "shared/storage/pg_deployment_writes.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <cstddef>
#include <utility>

namespace libra {

PgAdmissionStore::PgAdmissionStore(PgPool& pool, OutboxRoutes routes, const AdmissionLimits& limits)
    : pool_{pool},
      routes_{std::move(routes)},
      allowance_{limits.waiting_messages},
      terms_{routes_, allowance_, limits.deploys_a_minute},
      together_{
          limits.together,
          limits.at_once,
          [this](const std::vector<const AdmissionQuestion*>& questions) {
              return answer(questions);
          }}
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
    const AdmissionQuestion question{credential, deployment};
    if (may_go_together(deployment)) {
        if (std::optional<Result<Admission>> answer = together_.ask(question)) {
            return *std::move(answer);
        }
    }
    Result<Admission> admission = admit_one(pool_, terms_, question);
    // What was superseded may have had a slot.
    if (admission.has_value() && deployment.on_conflict == OnConflict::supersede) {
        static_cast<void>(fill_slots(pool_, routes_));
    }
    return admission;
}

/// Nothing for those who have to ask alone.
std::vector<std::optional<Result<Admission>>>
PgAdmissionStore::answer(const std::vector<const AdmissionQuestion*>& questions)
{
    std::vector<std::optional<Result<Admission>>> answers(questions.size());
    const auto admissions = admit_together(pool_, terms_, questions);
    if (admissions.has_error()) {
        if (admissions.error().code != Errc::invalid_input) {
            answers.assign(questions.size(), admissions.error());
        }
        return answers;
    }
    for (std::size_t i = 0; i < questions.size(); ++i) {
        if (const std::optional<Admission>& admission = admissions->at(i)) {
            answers[i] = *admission;
        }
    }
    return answers;
}

}  // namespace libra
