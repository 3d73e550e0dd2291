#include "shared/storage/pg_sealed_variables.hpp"

#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

namespace libra {

Result<std::vector<SealedVariable>> PgSealedVariables::after(const SealedVariable& last, int limit)
{
    const auto read = [&](pqxx::transaction_base& statement
                      ) -> Result<std::vector<SealedVariable>> {
        std::vector<SealedVariable> found;
        for (const pqxx::row& row : statement.exec_params(
                 R"(
                     select project_id, name, sealed from variables
                     where sealed is not null and (project_id, name) > ($1, $2)
                     order by project_id, name limit $3
                 )",
                 last.project_id,
                 last.name,
                 limit
             )) {
            found.push_back(
                {.project_id = row[0].as<std::string>(),
                 .name = row[1].as<std::string>(),
                 .sealed = pqxx::binarystring{row[2]}.str()}
            );
        }
        return found;
    };
    return answer_of_statement<std::vector<SealedVariable>>(pool_, read);
}

Result<bool> PgSealedVariables::replace(const SealedVariable& found, const std::string& sealed)
{
    const auto write = [&](pqxx::transaction_base& statement) -> Result<bool> {
        const pqxx::result done = statement.exec_params(
            R"(
                update variables set sealed = $4
                where project_id = $1 and name = $2 and sealed = $3
            )",
            found.project_id,
            found.name,
            bytea(found.sealed),
            bytea(sealed)
        );
        return done.affected_rows() == 1;
    };
    return answer_of_statement<bool>(pool_, write);
}

}  // namespace libra
