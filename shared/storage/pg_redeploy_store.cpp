#include "shared/storage/pg_redeploy_store.hpp"

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

RedeployVerdict verdict_of(const std::string& word)
{
    static constexpr std::array k_words{
        std::pair{RedeployVerdict::accepted, "accepted"},
        std::pair{RedeployVerdict::not_found, "not_found"},
        std::pair{RedeployVerdict::role_may_not_deploy, "role_may_not_deploy"},
        std::pair{RedeployVerdict::project_inactive, "project_inactive"},
        std::pair{RedeployVerdict::source_not_found, "source_not_found"},
        std::pair{RedeployVerdict::source_unfinished, "source_unfinished"},
        std::pair{RedeployVerdict::release_gone, "release_gone"},
        std::pair{RedeployVerdict::already_live, "already_live"},
        std::pair{RedeployVerdict::no_earlier_release, "no_earlier_release"},
        std::pair{RedeployVerdict::deployment_in_progress, "deployment_in_progress"},
        std::pair{RedeployVerdict::outbox_full, "outbox_full"},
    };
    for (const auto& [verdict, known] : k_words) {
        if (word == known) {
            return verdict;
        }
    }
    throw std::logic_error{"redeploy gave a verdict this binary does not know: " + word};
}

}  // namespace

PgRedeployStore::PgRedeployStore(PgPool& pool, OutboxRoutes routes, int outbox_limit)
    : pool_{pool}, routes_{std::move(routes)}, outbox_limit_{outbox_limit}
{
}

Result<RedeployAnswer> PgRedeployStore::redeploy(const Redeployment& wanted)
{
    return answer_of_statement<RedeployAnswer>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<RedeployAnswer> {
            const pqxx::row row = statement.exec_params1(
                R"(
                    select verdict, floor(extract(epoch from accepted_at) * 1000)::bigint,
                           blocking_id
                    from redeploy($1, $2, in_trace($3, $11, $12), $4, nullif($5, ''), nullif($6, ''), $7,
                                  $8, $9, $10)
                )",
                database_text(wanted.user_id),
                wanted.everywhere,
                wanted.id,
                std::string{to_string(wanted.kind)},
                wanted.source_id.value_or(""),
                wanted.project_id.value_or(""),
                wanted.request_id,
                outbox_limit_,
                routes_.exchange,
                routes_.routing_key,
                traceparent_of(wanted.trace),
                wanted.trace.state
            );
            return RedeployAnswer{
                .verdict = verdict_of(row[0].as<std::string>()),
                .accepted_at = row[1].is_null() ? UtcTime{} : utc_time(row[1]),
                .blocking_deployment = row[2].as<std::string>("")};
        }
    );
}

}  // namespace libra
