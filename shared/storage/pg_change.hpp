#pragma once

#include "shared/storage/pg_transaction.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <optional>
#include <string>
#include <utility>

/// @file Transactions that must not happen twice though the answer to a commit was lost.

namespace libra {

/// `answer_of_transaction` for work that is not idempotent. When the connection breaks and the
/// first run turns out to have been committed, its answer is given and nothing is done again.
///
/// `subject` names what is changed: transactions on the same one follow each other, so that a
/// commit still under way has ended when it is asked for.
template <class T, class Work>
Result<T> answer_of_change(PgPool& pool, const std::string& subject, Work work)
{
    // Both outlive a commit that got no answer.
    std::optional<T> last;
    std::string transaction_id;
    return answer_of_transaction<T>(pool, [&](pqxx::transaction_base& transaction) -> Result<T> {
        transaction.exec_params(
            "select pg_advisory_xact_lock(hashtextextended('change ' || $1, 0))", subject
        );
        if (last && !transaction_id.empty() &&
            transaction
                .exec_params1(
                    "select coalesce(pg_xact_status($1::xid8) = 'committed', false)", transaction_id
                )[0]
                .template as<bool>()) {
            return *last;
        }
        Result<T> answer = work(transaction);
        if (answer.has_error()) {
            return answer.error();
        }
        last = std::move(*answer);
        transaction_id = transaction.exec1("select pg_current_xact_id_if_assigned()")[0]
                             .template as<std::string>("");
        return *last;
    });
}

}  // namespace libra
