#include "shared/storage/pg_redrive_store.hpp"

#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <array>
#include <stdexcept>
#include <utility>

namespace libra {

namespace {

constexpr int k_most_at_once = 500;

/// What a change answers, and a letter that it changed, if it changed any.
template <class T>
struct Change {
    T answer{};
    std::optional<std::int64_t> letter{};
};

/// Whether a transaction whose commit got no answer was committed. Waits for it if it is still
/// under way.
bool was_committed(
    pqxx::transaction_base& transaction,
    const std::string& transaction_id,
    std::int64_t changed_letter
)
{
    transaction.exec_params(
        "select from dead_letters where id = $1 for no key update", changed_letter
    );
    return transaction
        .exec_params1(
            "select coalesce(pg_xact_status($1::xid8) = 'committed', false)", transaction_id
        )[0]
        .as<bool>();
}

template <class T, class Work>
Result<T> answer_of_change(PgPool& pool, Work work)
{
    // Both outlive a commit that got no answer.
    std::optional<Change<T>> last;
    std::string transaction_id;
    return answer_of_transaction<T>(pool, [&](pqxx::transaction_base& transaction) -> Result<T> {
        if (last && last->letter && was_committed(transaction, transaction_id, *last->letter)) {
            return last->answer;
        }
        Result<Change<T>> change = work(transaction);
        if (change.has_error()) {
            return change.error();
        }
        last = std::move(*change);
        transaction_id =
            transaction.exec1("select pg_current_xact_id_if_assigned()")[0].as<std::string>("");
        return last->answer;
    });
}

std::string word_of(const std::optional<FailureClass>& failure_class)
{
    return failure_class ? std::string{to_string(*failure_class)} : std::string{};
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

Error no_such_letter()
{
    return {Errc::not_found, "no such dead letter"};
}

}  // namespace

PgRedriveStore::PgRedriveStore(PgPool& pool, OutboxRoutes routes)
    : pool_{pool}, routes_{std::move(routes)}
{
}

Result<RedriveVerdict> PgRedriveStore::redrive(std::int64_t id, const Actor& actor)
{
    using Redriven = Change<RedriveVerdict>;
    return answer_of_change<RedriveVerdict>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<Redriven> {
            const auto word = transaction
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
                return no_such_letter();
            }
            Redriven redriven{.answer = verdict_of(word)};
            if (redriven.answer == RedriveVerdict::requeued) {
                redriven.letter = id;
            }
            return redriven;
        }
    );
}

Result<RedriveCounts>
PgRedriveStore::redrive_matching(const LetterFilter& filter, const Actor& actor)
{
    using Redriven = Change<RedriveCounts>;
    return answer_of_change<RedriveCounts>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<Redriven> {
            const pqxx::row row = transaction.exec_params1(
                R"(
                    select requeued, skipped, more, one_requeued
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
            Redriven redriven{
                .answer = {
                    .requeued = row[0].as<std::int64_t>(),
                    .skipped = row[1].as<std::int64_t>(),
                    .more = row[2].as<bool>()}};
            if (!row[3].is_null()) {
                redriven.letter = row[3].as<std::int64_t>();
            }
            return redriven;
        }
    );
}

Result<bool> PgRedriveStore::discard(std::int64_t id, const std::string& reason, const Actor& actor)
{
    return answer_of_change<bool>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<Change<bool>> {
            const auto word = transaction
                                  .exec_params1(
                                      "select discard_letter($1, $2, $3, $4)",
                                      id,
                                      database_text(reason),
                                      actor.user_id,
                                      actor.request_id
                                  )[0]
                                  .as<std::string>();
            if (word == "not_found") {
                return no_such_letter();
            }
            const bool discarded = word == "discarded";
            return Change<bool>{
                .answer = discarded, .letter = discarded ? std::optional{id} : std::nullopt};
        }
    );
}

}  // namespace libra
