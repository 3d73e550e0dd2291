#include "shared/storage/pg_admissions.hpp"

#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <array>
#include <cstddef>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace libra {

namespace {

// Both are prepared, because reading and planning them anew takes a good part of the time. An
// argument is there before a function begins: what `accept_deployment` writes finds the trace.
constexpr const char* k_accept = "accept_deployment";
constexpr const char* k_accept_sql = R"(
    select verdict, floor(extract(epoch from accepted_at) * 1000)::bigint, blocking_id, earlier_id,
           array_to_string(missing, ' '), waiting, recent,
           ceil(recent_ends_in)::integer, note_use($1, $2)
    from accept_deployment($1, $2, in_trace($3, $16, $17), $4, $5, $6, $7, $8, $9, $10, $11, $12,
                           $13, $14, $15)
)";

// No project's row is waited for, so that two of these cannot wait for each other, nor all of one
// for the slowest. The function gets the project from `unlocked`, because it must not run before
// the lock is ours, and the requests in the order in which they came.
constexpr const char* k_accept_together = "accept_deployments";
constexpr const char* k_accept_together_sql = R"(
    with unlocked as materialized (
        select id from projects where id = any ($4::text[])
        for no key update skip locked
    )
    select verdict, floor(extract(epoch from accepted_at) * 1000)::bigint, blocking_id, earlier_id,
           array_to_string(missing, ' '), waiting, recent,
           ceil(recent_ends_in)::integer, note_use(digest, is_session), place
    from (
            select asked.*, unlocked.id as unlocked_id
            from unnest($1::bytea[], $2::boolean[], $3::text[], $4::text[], $5::text[],
                        $6::text[], $7::jsonb[], $8::text[], $13::text[], $14::text[])
                    with ordinality
                    as asked (digest, is_session, deployment_id, project_id, org_id, user_id,
                              params, request_id, traceparent, tracestate, place)
                join unlocked on unlocked.id = asked.project_id
            order by place) as ready
        cross join lateral accept_deployment(
            digest, is_session, in_trace(deployment_id, traceparent, tracestate), unlocked_id,
            org_id, user_id, params, request_id, 'reject', $9, $10, $11, null, false, $12)
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

Admission admission_of(const pqxx::row& row, const AdmissionTerms& terms)
{
    Admission found{
        .verdict = verdict_of(row[0].as<std::string>()),
        .accepted_at = row[1].is_null() ? UtcTime{} : utc_time(row[1]),
        .blocking_deployment = row[2].as<std::string>("")};
    if (!row[3].is_null()) {
        found.earlier_deployment = row[3].as<std::string>();
    }
    found.missing = digests_of(row[4].as<std::string>(""));
    if (!row[5].is_null()) {
        terms.allowance.counted(row[5].as<int>());
    }
    if (!row[6].is_null()) {
        found.rate = {
            .limit = *terms.deploys_a_minute,
            .accepted = row[6].as<int>(),
            .oldest_ends_in = std::chrono::seconds{row[7].as<int>(0)}};
    }
    return found;
}

bool is_session(const Credential& credential)
{
    return credential.kind == CredentialKind::session;
}

/// The questions as the arrays of the statement.
class Columns {
public:
    explicit Columns(const std::vector<const AdmissionQuestion*>& questions) : questions_{questions}
    {
    }

    template <class Text>
    std::string of(Text text) const
    {
        std::vector<std::string> items;
        items.reserve(questions_.size());
        for (const AdmissionQuestion* const question : questions_) {
            items.push_back(text(*question));
        }
        return text_array({items.begin(), items.end()});
    }

    std::string of(std::string NewDeployment::*member) const
    {
        return of([=](const AdmissionQuestion& question) { return question.deployment.*member; });
    }

private:
    const std::vector<const AdmissionQuestion*>& questions_;
};

}  // namespace

Result<Admission>
admit_one(PgPool& pool, const AdmissionTerms& terms, const AdmissionQuestion& question)
{
    const auto& [credential, deployment] = question;
    const std::optional<int> outbox_limit = terms.allowance.take();
    return answer_of_statement<Admission>(
        pool,
        [&](pqxx::transaction_base& statement) -> Result<Admission> {
            statement.conn().prepare(k_accept, k_accept_sql);
            const pqxx::row row = statement.exec_prepared1(
                k_accept,
                bytea(credential.digest),
                is_session(credential),
                deployment.id,
                deployment.project_id,
                deployment.org_id,
                deployment.user_id,
                deployment.params_json,
                deployment.request_id,
                std::string{to_string(deployment.on_conflict)},
                outbox_limit,
                terms.routes.exchange,
                terms.routes.routing_key,
                deployment.idempotency_key,
                deployment.has_uploads,
                terms.deploys_a_minute,
                traceparent_of(deployment.trace),
                deployment.trace.state
            );
            return admission_of(row, terms);
        }
    );
}

bool may_go_together(const NewDeployment& deployment)
{
    constexpr std::size_t k_most_bytes = 64U << 10U;
    return deployment.on_conflict == OnConflict::reject && !deployment.idempotency_key &&
           !deployment.has_uploads && deployment.params_json.size() <= k_most_bytes;
}

Result<std::vector<std::optional<Admission>>> admit_together(
    PgPool& pool,
    const AdmissionTerms& terms,
    const std::vector<const AdmissionQuestion*>& questions
)
{
    using Answers = std::vector<std::optional<Admission>>;
    const Columns columns{questions};
    std::optional<int> outbox_limit;
    for (std::size_t i = 0; i < questions.size(); ++i) {
        const std::optional<int> limit = terms.allowance.take();
        outbox_limit = limit ? limit : outbox_limit;
    }
    return answer_of_statement<Answers>(
        pool,
        [&](pqxx::transaction_base& statement) -> Result<Answers> {
            statement.conn().prepare(k_accept_together, k_accept_together_sql);
            const pqxx::result rows = statement.exec_prepared(
                k_accept_together,
                columns.of([](const AdmissionQuestion& question) {
                    return "\\x" + question.credential.digest.hex();
                }),
                columns.of([](const AdmissionQuestion& question) -> std::string {
                    return is_session(question.credential) ? "true" : "false";
                }),
                columns.of(&NewDeployment::id),
                columns.of(&NewDeployment::project_id),
                columns.of(&NewDeployment::org_id),
                columns.of(&NewDeployment::user_id),
                columns.of(&NewDeployment::params_json),
                columns.of(&NewDeployment::request_id),
                outbox_limit,
                terms.routes.exchange,
                terms.routes.routing_key,
                terms.deploys_a_minute,
                columns.of([](const AdmissionQuestion& question) {
                    return traceparent_of(question.deployment.trace);
                }),
                columns.of([](const AdmissionQuestion& question) {
                    return question.deployment.trace.state;
                })
            );
            Answers answers(questions.size());
            for (const pqxx::row& row : rows) {
                answers.at(row["place"].as<std::size_t>() - 1) = admission_of(row, terms);
            }
            return answers;
        }
    );
}

}  // namespace libra
