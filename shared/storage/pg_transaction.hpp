#pragma once

#include "shared/storage/pg_pool.hpp"

#include <optional>
#include <utility>

/// @file PgPool::transact and PgPool::autocommit for work that has an answer.

namespace libra {

template <class T, class Work>
Result<T> answer_of_transaction(PgPool& pool, Work work)
{
    std::optional<T> answer;
    const Result<void> done = pool.transact([&](pqxx::transaction_base& transaction) {
        Result<T> outcome = work(transaction);
        if (outcome.has_error()) {
            return Result<void>{outcome.error()};
        }
        answer = std::move(*outcome);
        return Result<void>{};
    });
    if (done.has_error()) {
        return done.error();
    }
    return std::move(*answer);
}

template <class T, class Work>
Result<T> answer_of_statement(PgPool& pool, Work work)
{
    std::optional<T> answer;
    const Result<void> done = pool.autocommit([&](pqxx::transaction_base& statement) {
        Result<T> outcome = work(statement);
        if (outcome.has_error()) {
            return Result<void>{outcome.error()};
        }
        answer = std::move(*outcome);
        return Result<void>{};
    });
    if (done.has_error()) {
        return done.error();
    }
    return std::move(*answer);
}

}  // namespace libra
