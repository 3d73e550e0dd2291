#include "shared/storage/pg_attempts.hpp"

#include "shared/storage/pg_values.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

namespace libra {

namespace {

AttemptRecord read_attempt(const pqxx::row& row)
{
    return {
        .number = row["number"].as<int>(),
        .worker = row["worker"].as<std::string>(),
        .started_at = utc_time(row["started_at"]),
        .ended_at = optional_time(row["ended_at"]),
        .outcome = optional_text(row["outcome"]),
        .step = optional_text(row["step"]),
        .failure_class = optional_text(row["failure_class"]),
        .error_code = optional_text(row["error_code"]),
        .error = optional_text(row["error"])};
}

}  // namespace

std::vector<AttemptRecord>
attempts_of(pqxx::transaction_base& transaction, const std::string& deployment_id)
{
    std::vector<AttemptRecord> attempts;
    for (const pqxx::row& row : transaction.exec_params(
             R"(
                 select number, worker, outcome, step, failure_class, error_code, error,
                        floor(extract(epoch from started_at) * 1000)::bigint as started_at,
                        floor(extract(epoch from ended_at) * 1000)::bigint as ended_at
                 from attempts where deployment_id = $1 order by fence
             )",
             deployment_id
         )) {
        attempts.push_back(read_attempt(row));
    }
    return attempts;
}

}  // namespace libra
