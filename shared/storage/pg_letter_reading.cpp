#include "shared/storage/pg_redrive_store.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/binarystring>
#include <pqxx/result>
#include <pqxx/transaction_base>

#include <utility>

namespace libra {

namespace {

std::optional<std::string> text_of(const pqxx::field& field)
{
    return field.is_null() ? std::nullopt : std::optional{field.as<std::string>()};
}

std::optional<UtcTime> time_of(const pqxx::field& milliseconds)
{
    return milliseconds.is_null() ? std::nullopt : std::optional{utc_time(milliseconds)};
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
        return Error{Errc::not_found, "no such dead letter"};
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
                filter.failure_class ? std::string{to_string(*filter.failure_class)}
                                     : std::string{},
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

}  // namespace libra
