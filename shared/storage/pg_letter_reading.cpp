#include "shared/storage/pg_attempts.hpp"
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

LetterSummary read_summary(const pqxx::row& row)
{
    return {
        .id = row["id"].as<std::int64_t>(),
        .state = parse_letter_state(row["state"].as<std::string>()).value(),
        .failure_class = parse_failure_class(row["failure_class"].as<std::string>()).value(),
        .reason = row["reason"].as<std::string>(),
        .deployment_id = optional_text(row["deployment_id"]),
        .project_id = optional_text(row["project_id"]),
        .org_id = optional_text(row["org_id"]),
        .created_at = utc_time(row["created_at"]),
        .resolved_at = optional_time(row["resolved_at"]),
        .resolved_by = optional_text(row["resolved_by"]),
        .resolution = optional_text(row["resolution"])};
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
    letter.attempts = attempts_of(transaction, letter.summary.deployment_id.value_or(""));
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
