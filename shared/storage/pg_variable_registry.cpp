#include "shared/storage/pg_variable_registry.hpp"

#include "shared/domain/variable_rules.hpp"
#include "shared/storage/pg_change.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <array>
#include <stdexcept>
#include <utility>

namespace libra {

namespace {

VariableVerdict verdict_of(const std::string& word)
{
    static constexpr std::array k_words{
        std::pair{VariableVerdict::done, "done"},
        std::pair{VariableVerdict::absent, "absent"},
        std::pair{VariableVerdict::too_many, "too_many"},
        std::pair{VariableVerdict::too_large, "too_large"},
        std::pair{VariableVerdict::project_not_found, "not_found"},
        std::pair{VariableVerdict::role_not_sufficient, "role_not_sufficient"},
    };
    for (const auto& [verdict, known] : k_words) {
        if (word == known) {
            return verdict;
        }
    }
    throw std::logic_error{"a verdict on variables that this binary does not know: " + word};
}

UtcTime updated_at(
    pqxx::transaction_base& transaction,
    const std::string& project_id,
    const std::string& name
)
{
    return utc_time(transaction.exec_params1(
        R"(
            select floor(extract(epoch from updated_at) * 1000)::bigint
            from variables where project_id = $1 and name = $2
        )",
        project_id,
        name
    )[0]);
}

}  // namespace

Result<std::vector<VariableRecord>>
PgVariableRegistry::list(const Requester& requester, const std::string& project_id)
{
    const auto read = [&](pqxx::transaction_base& statement
                      ) -> Result<std::vector<VariableRecord>> {
        // One row without a name for a project that has none.
        const pqxx::result rows = statement.exec_params(
            R"(
                select v.name, v.value, v.sealed is not null,
                       floor(extract(epoch from v.updated_at) * 1000)::bigint
                from projects p left join variables v on v.project_id = p.id
                where p.id = $1 and role_in(p.org_id, $2, $3) is not null
                order by v.name collate "C"
            )",
            project_id,
            requester.user_id,
            requester.everywhere
        );
        if (rows.empty()) {
            return Error{Errc::not_found, "no such project"};
        }
        std::vector<VariableRecord> variables;
        for (const pqxx::row& row : rows) {
            if (!row[0].is_null()) {
                variables.push_back(
                    {.name = row[0].as<std::string>(),
                     .value = optional_text(row[1]),
                     .secret = row[2].as<bool>(),
                     .updated_at = utc_time(row[3])}
                );
            }
        }
        return variables;
    };
    return answer_of_statement<std::vector<VariableRecord>>(pool_, read);
}

Result<VariableChange> PgVariableRegistry::set(
    const Requester& requester,
    const std::string& project_id,
    const NewVariable& variable
)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<VariableChange> {
        const auto word =
            transaction
                .exec_params1(
                    R"(
                        select set_variable(
                            $1, $2, case when not $5 then $3 end, case when $5 then $4::bytea end,
                            $6, $7, $8, $9, $10, $11)
                    )",
                    project_id,
                    variable.name,
                    variable.secret ? std::string{} : database_text(variable.value),
                    bytea(variable.secret ? std::string_view{variable.value} : std::string_view{}),
                    variable.secret,
                    static_cast<int>(variable.bytes),
                    static_cast<int>(k_max_variables),
                    static_cast<int>(k_max_variables_bytes),
                    requester.user_id,
                    requester.everywhere,
                    requester.request_id
                )[0]
                .as<std::string>();
        VariableChange change{.verdict = verdict_of(word)};
        if (change.verdict == VariableVerdict::done) {
            change.updated_at = updated_at(transaction, project_id, variable.name);
        }
        return change;
    };
    return answer_of_change<VariableChange>(pool_, project_id, work);
}

Result<VariableVerdict> PgVariableRegistry::remove(
    const Requester& requester,
    const std::string& project_id,
    const std::string& name
)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<VariableVerdict> {
        return verdict_of(transaction
                              .exec_params1(
                                  "select remove_variable($1, $2, $3, $4, $5)",
                                  project_id,
                                  name,
                                  requester.user_id,
                                  requester.everywhere,
                                  requester.request_id
                              )[0]
                              .as<std::string>());
    };
    return answer_of_change<VariableVerdict>(pool_, project_id, work);
}

}  // namespace libra
