#include "shared/storage/pg_delivery_store.hpp"

#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <cstdint>

namespace libra {

namespace {

constexpr int k_pruned_at_once = 1000;

}  // namespace

Result<std::optional<ClaimedDelivery>>
PgDeliveryStore::claim(const std::string& token, std::chrono::seconds hold, Lanes lanes)
{
    using Claim = std::optional<ClaimedDelivery>;
    return answer_of_transaction<Claim>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<Claim> {
            const pqxx::result rows = transaction.exec_params(
                R"(
                    select c.org_id, c.delivery_id, c.webhook_id, c.url, c.payload, c.tries,
                           d.trace ->> 'traceparent', d.trace ->> 'tracestate'
                    from claim_webhook_delivery($1, $2 * interval '1 second', $3) c
                    left join webhook_deliveries w on w.id = c.delivery_id
                    left join deployments d on d.id = w.deployment_id
                )",
                token,
                static_cast<std::int64_t>(hold.count()),
                lanes == Lanes::all
            );
            if (rows.empty()) {
                return Claim{};
            }
            const pqxx::row row = rows[0];
            return Claim{ClaimedDelivery{
                .org_id = row[0].as<std::string>(),
                .id = row[1].as<std::string>(),
                .webhook_id = row[2].as<std::string>(),
                .url = row[3].as<std::string>(),
                .payload = row[4].as<std::string>(),
                .tries = row[5].as<int>(),
                .trace = trace_of(row[6], row[7])}};
        }
    );
}

Result<void> PgDeliveryStore::record(
    const std::string& token,
    const ClaimedDelivery& delivery,
    const DeliveryOutcome& outcome
)
{
    return pool_.transact([&](pqxx::transaction_base& transaction) -> Result<void> {
        const auto error =
            outcome.error.empty() ? std::nullopt : std::optional{database_text(outcome.error)};
        const auto retry_in = outcome.retry_in
                                  ? std::optional{std::int64_t{outcome.retry_in->count()}}
                                  : std::nullopt;
        const pqxx::row row = transaction.exec_params1(
            "select record_webhook_attempt("
            "$1, $2, $3, $4, $5, $6, $7::bigint * interval '1 millisecond', $8)",
            token,
            delivery.org_id,
            delivery.id,
            static_cast<std::int64_t>(outcome.duration.count()),
            outcome.status_code,
            error,
            retry_in,
            outcome.gone
        );
        if (!row[0].as<bool>()) {
            return Error{Errc::not_found, "somebody else goes on with this organisation"};
        }
        return {};
    });
}

Result<int> PgDeliveryStore::prune(std::chrono::hours age)
{
    return answer_of_statement<int>(pool_, [&](pqxx::transaction_base& statement) -> Result<int> {
        return statement
            .exec_params1(
                "select prune_webhook_deliveries(now() - $1 * interval '1 hour', $2)",
                static_cast<std::int64_t>(age.count()),
                k_pruned_at_once
            )[0]
            .as<int>();
    });
}

}  // namespace libra
