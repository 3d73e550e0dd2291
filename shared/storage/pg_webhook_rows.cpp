#include "shared/storage/pg_webhook_rows.hpp"

#include "shared/storage/pg_values.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace libra {

const char* const k_webhook_columns =
    "id, url, events, active, disabled_reason,"
    " floor(extract(epoch from created_at) * 1000)::bigint as created_at";

WebhookRecord webhook_of(const pqxx::row& row)
{
    return {
        .id = row["id"].as<std::string>(),
        .url = row["url"].as<std::string>(),
        .events = texts_of(row["events"]),
        .active = row["active"].as<bool>(),
        .disabled_reason = optional_text(row["disabled_reason"]),
        .created_at = utc_time(row["created_at"])};
}

const char* const k_delivery_columns =
    "number, id, type, deployment_id, status, attempts,"
    " floor(extract(epoch from created_at) * 1000)::bigint as created_at,"
    " case when status = 'pending' then floor(extract(epoch from due_at) * 1000)::bigint end"
    " as due_at,"
    " floor(extract(epoch from finished_at) * 1000)::bigint as finished_at";

DeliveryRecord delivery_of(const pqxx::row& row)
{
    return {
        .number = row["number"].as<std::int64_t>(),
        .id = row["id"].as<std::string>(),
        .type = row["type"].as<std::string>(),
        .deployment_id = optional_text(row["deployment_id"]),
        .status = row["status"].as<std::string>(),
        .attempts = row["attempts"].as<int>(),
        .created_at = utc_time(row["created_at"]),
        .due_at = optional_time(row["due_at"]),
        .finished_at = optional_time(row["finished_at"])};
}

const char* const k_attempt_columns =
    "number, floor(extract(epoch from at) * 1000)::bigint as at, duration_ms, status_code, error";

AttemptOfDelivery webhook_attempt_of(const pqxx::row& row)
{
    const pqxx::field& code = row["status_code"];
    return {
        .number = row["number"].as<int>(),
        .at = utc_time(row["at"]),
        .milliseconds = row["duration_ms"].as<std::int64_t>(),
        .status_code = code.is_null() ? std::nullopt : std::optional{code.as<std::int64_t>()},
        .error = optional_text(row["error"])};
}

WebhookVerdict webhook_verdict_of(const pqxx::row& row)
{
    static constexpr std::array k_words{
        std::pair{WebhookVerdict::done, "done"},
        std::pair{WebhookVerdict::not_found, "not_found"},
        std::pair{WebhookVerdict::role_not_sufficient, "role_not_sufficient"},
        std::pair{WebhookVerdict::too_many, "too_many"},
        std::pair{WebhookVerdict::webhook_not_found, "webhook_not_found"},
        std::pair{WebhookVerdict::delivery_not_found, "delivery_not_found"},
        std::pair{WebhookVerdict::inactive, "inactive"},
    };
    const auto word = row[0].as<std::string>();
    for (const auto& [verdict, known] : k_words) {
        if (word == known) {
            return verdict;
        }
    }
    throw std::logic_error{"a verdict on webhooks that this binary does not know: " + word};
}

bool sees_webhook(
    pqxx::transaction_base& transaction,
    const Requester& requester,
    const std::string& org_id,
    const std::string& id
)
{
    return !transaction
                .exec_params(
                    "select from webhooks where id = $1 and org_id = $2"
                    " and role_in(org_id, $3, $4) is not null",
                    id,
                    org_id,
                    requester.user_id,
                    requester.everywhere
                )
                .empty();
}

}  // namespace libra
