#include "shared/storage/pg_redrive_store.hpp"

#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <fmt/format.h>
#include <pqxx/result>
#include <pqxx/transaction_base>

#include <array>
#include <stdexcept>
#include <utility>

namespace libra {

namespace {

constexpr int k_most_at_once = 500;

std::optional<std::string> text_of(const pqxx::field& field)
{
    return field.is_null() ? std::nullopt : std::optional{field.as<std::string>()};
}

std::optional<UtcTime> time_of(const pqxx::field& milliseconds)
{
    return milliseconds.is_null() ? std::nullopt : std::optional{utc_time(milliseconds)};
}

std::string word_of(const std::optional<FailureClass>& failure_class)
{
    return failure_class ? std::string{to_string(*failure_class)} : std::string{};
}

LetterSummary read_summary(const pqxx::row& row)
{
    return {
        .id = row["id"].as<std::int64_t>(),
        .state = parse_letter_state(row["state"].as<std::string>()).value(),
        .failure_class = parse_failure_class(row["failure_class"].as<std::string>()).value(),
        .reason = row["reason"].as<std::string>(),
        .deployment_id = text_of(row["deployment_id"]),
        .project_id = text_of(row["project_id"]),
        .org_id = text_of(row["org_id"]),
        .created_at = utc_time(row["created_at"]),
        .resolved_at = time_of(row["resolved_at"]),
        .resolved_by = text_of(row["resolved_by"]),
        .resolution = text_of(row["resolution"])};
}

AttemptRecord read_attempt(const pqxx::row& row)
{
    return {
        .number = row["number"].as<int>(),
        .worker = row["worker"].as<std::string>(),
        .started_at = utc_time(row["started_at"]),
        .ended_at = time_of(row["ended_at"]),
        .outcome = text_of(row["outcome"]),
        .step = text_of(row["step"]),
        .failure_class = text_of(row["failure_class"]),
        .error_code = text_of(row["error_code"]),
        .error = text_of(row["error"])};
}

RedriveVerdict verdict_of(const std::string& word)
{
    static constexpr std::array k_words{
        std::pair{RedriveVerdict::requeued, "requeued"},
        std::pair{RedriveVerdict::already_resolved, "already_resolved"},
        std::pair{RedriveVerdict::deployment_in_progress, "deployment_in_progress"},
        std::pair{RedriveVerdict::superseded, "superseded"},
        std::pair{RedriveVerdict::not_redrivable, "not_redrivable"},
    };
    for (const auto& [verdict, known] : k_words) {
        if (word == known) {
            return verdict;
        }
    }
    throw std::logic_error{"redrive_letter gave a verdict this binary does not know: " + word};
}

Error no_such_letter(std::int64_t id)
{
    return {Errc::not_found, fmt::format("there is no dead letter {}", id)};
}

/// A letter and its attempts in one snapshot: the letter's row first, then an attempt a row.
Result<Letter> read_letter(pqxx::transaction_base& transaction, std::int64_t id)
{
    const pqxx::result letters = transaction.exec_params(
        R"(
            select l.id, l.state, l.failure_class, l.reason, l.deployment_id, d.project_id,
                   d.org_id, l.message, l.resolved_by, l.resolution,
                   floor(extract(epoch from l.created_at) * 1000)::bigint as created_at,
                   floor(extract(epoch from l.resolved_at) * 1000)::bigint as resolved_at
            from dead_letters l left join deployments d on d.id = l.deployment_id
            where l.id = $1
        )",
        id
    );
    if (letters.empty()) {
        return no_such_letter(id);
    }
    Letter letter{
        .summary = read_summary(letters[0]),
        .message = pqxx::binarystring{letters[0]["message"]}.str()};
    for (const pqxx::row& row : transaction.exec_params(
             R"(
                 select number, worker, outcome, step, failure_class, error_code, error,
                        floor(extract(epoch from started_at) * 1000)::bigint as started_at,
                        floor(extract(epoch from ended_at) * 1000)::bigint as ended_at
                 from attempts where deployment_id = $1 order by fence
             )",
             letter.summary.deployment_id.value_or("")
         )) {
        letter.attempts.push_back(read_attempt(row));
    }
    return letter;
}

}  // namespace

PgRedriveStore::PgRedriveStore(PgPool& pool, OutboxRoutes routes)
    : pool_{pool}, routes_{std::move(routes)}
{
}

Result<LetterPage>
PgRedriveStore::list(const LetterFilter& filter, std::optional<std::int64_t> before, int limit)
{
    return answer_of_statement<LetterPage>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<LetterPage> {
            const pqxx::result rows = statement.exec_params(
                R"(
                    select l.id, l.state, l.failure_class, l.reason, l.deployment_id,
                           d.project_id, d.org_id, l.resolved_by, l.resolution,
                           floor(extract(epoch from l.created_at) * 1000)::bigint as created_at,
                           floor(extract(epoch from l.resolved_at) * 1000)::bigint as resolved_at
                    from dead_letters l left join deployments d on d.id = l.deployment_id
                    where ($1 = '' or l.state = $1) and ($2 = '' or l.failure_class = $2)
                        and ($3 = '' or d.project_id = $3) and ($4 = '' or d.org_id = $4)
                        and ($5 = 0 or l.id < $5)
                    order by l.id desc limit $6
                )",
                filter.state ? std::string{to_string(*filter.state)} : std::string{},
                word_of(filter.failure_class),
                database_text(filter.project_id.value_or("")),
                database_text(filter.org_id.value_or("")),
                before.value_or(0),
                limit + 1
            );
            LetterPage page;
            for (const pqxx::row& row : rows) {
                if (std::cmp_equal(page.letters.size(), limit)) {
                    page.next = page.letters.back().id;
                    break;
                }
                page.letters.push_back(read_summary(row));
            }
            return page;
        }
    );
}

Result<Letter> PgRedriveStore::find(std::int64_t id)
{
    return answer_of_transaction<Letter>(pool_, [&](pqxx::transaction_base& transaction) {
        return read_letter(transaction, id);
    });
}

Result<RedriveVerdict> PgRedriveStore::redrive(std::int64_t id, const Actor& actor)
{
    return answer_of_statement<RedriveVerdict>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<RedriveVerdict> {
            const auto word = statement
                                  .exec_params1(
                                      "select redrive_letter($1, $2, $3, $4, $5)",
                                      id,
                                      actor.user_id,
                                      actor.request_id,
                                      routes_.exchange,
                                      routes_.routing_key
                                  )[0]
                                  .as<std::string>();
            if (word == "not_found") {
                return no_such_letter(id);
            }
            return verdict_of(word);
        }
    );
}

Result<RedriveCounts>
PgRedriveStore::redrive_matching(const LetterFilter& filter, const Actor& actor)
{
    return answer_of_statement<RedriveCounts>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<RedriveCounts> {
            const pqxx::row row = statement.exec_params1(
                R"(
                    select requeued, skipped, more
                    from redrive_letters(
                        nullif($1, ''), nullif($2, ''), nullif($3, ''), $4, $5, $6, $7, $8)
                )",
                word_of(filter.failure_class),
                database_text(filter.project_id.value_or("")),
                database_text(filter.org_id.value_or("")),
                k_most_at_once,
                actor.user_id,
                actor.request_id,
                routes_.exchange,
                routes_.routing_key
            );
            return RedriveCounts{
                .requeued = row[0].as<std::int64_t>(),
                .skipped = row[1].as<std::int64_t>(),
                .more = row[2].as<bool>()};
        }
    );
}

Result<bool> PgRedriveStore::discard(std::int64_t id, const std::string& reason, const Actor& actor)
{
    return answer_of_statement<bool>(pool_, [&](pqxx::transaction_base& statement) -> Result<bool> {
        const auto word = statement
                              .exec_params1(
                                  "select discard_letter($1, $2, $3, $4)",
                                  id,
                                  database_text(reason),
                                  actor.user_id,
                                  actor.request_id
                              )[0]
                              .as<std::string>();
        if (word == "not_found") {
            return no_such_letter(id);
        }
        return word == "discarded";
    });
}

}  // namespace libra
