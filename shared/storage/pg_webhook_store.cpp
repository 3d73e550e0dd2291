#include "shared/storage/pg_webhook_store.hpp"

#include "shared/storage/pg_change.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/pg_webhook_rows.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

namespace libra {

namespace {

const Error k_no_such_organization{Errc::not_found, "no such organisation"};
const Error k_no_such_webhook{Errc::not_found, "no such webhook"};

std::optional<std::string> array_of(const std::optional<std::vector<std::string>>& texts)
{
    return texts ? std::optional{text_array({texts->begin(), texts->end()})} : std::nullopt;
}

}  // namespace

Result<std::vector<WebhookRecord>>
PgWebhookStore::list(const Requester& requester, const std::string& org_id)
{
    using Records = std::vector<WebhookRecord>;
    return answer_of_transaction<Records>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<Records> {
            if (transaction
                    .exec_params(
                        "select where role_in($1, $2, $3) is not null",
                        org_id,
                        requester.user_id,
                        requester.everywhere
                    )
                    .empty()) {
                return k_no_such_organization;
            }
            Records records;
            for (const pqxx::row& row : transaction.exec_params(
                     std::string{"select "} + k_webhook_columns +
                         " from webhooks w where org_id = $1 order by created_at, id",
                     org_id
                 )) {
                records.push_back(webhook_of(row));
            }
            return records;
        }
    );
}

Result<WebhookRecord>
PgWebhookStore::find(const Requester& requester, const std::string& org_id, const std::string& id)
{
    return answer_of_statement<WebhookRecord>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<WebhookRecord> {
            const pqxx::result rows = statement.exec_params(
                std::string{"select "} + k_webhook_columns +
                    " from webhooks w where id = $1 and org_id = $2"
                    " and role_in(org_id, $3, $4) is not null",
                id,
                org_id,
                requester.user_id,
                requester.everywhere
            );
            if (rows.empty()) {
                return k_no_such_webhook;
            }
            return webhook_of(rows[0]);
        }
    );
}

Result<WebhookVerdict> PgWebhookStore::create(
    const Requester& requester,
    const std::string& org_id,
    const NewWebhook& webhook
)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<WebhookVerdict> {
        return webhook_verdict_of(transaction.exec_params1(
            "select create_webhook($1, $2, $3, $4::text[], $5, $6, $7, $8)",
            webhook.id,
            org_id,
            database_text(webhook.url),
            text_array({webhook.events.begin(), webhook.events.end()}),
            k_most_webhooks,
            requester.user_id,
            requester.everywhere,
            requester.request_id
        ));
    };
    return answer_of_change<WebhookVerdict>(pool_, webhook.id, work);
}

Result<WebhookVerdict> PgWebhookStore::change(
    const Requester& requester,
    const std::string& org_id,
    const std::string& id,
    const WebhookChanges& changes
)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<WebhookVerdict> {
        return webhook_verdict_of(transaction.exec_params1(
            "select change_webhook($1, $2, $3, $4::text[], $5, $6, $7, $8)",
            id,
            org_id,
            changes.url,
            array_of(changes.events),
            changes.active,
            requester.user_id,
            requester.everywhere,
            requester.request_id
        ));
    };
    return answer_of_change<WebhookVerdict>(pool_, id, work);
}

Result<WebhookVerdict>
PgWebhookStore::remove(const Requester& requester, const std::string& org_id, const std::string& id)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<WebhookVerdict> {
        return webhook_verdict_of(transaction.exec_params1(
            "select remove_webhook($1, $2, $3, $4, $5)",
            id,
            org_id,
            requester.user_id,
            requester.everywhere,
            requester.request_id
        ));
    };
    return answer_of_change<WebhookVerdict>(pool_, id, work);
}

Result<TestDelivery>
PgWebhookStore::test(const Requester& requester, const std::string& org_id, const std::string& id)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<TestDelivery> {
        const pqxx::row row = transaction.exec_params1(
            "select verdict, delivery_id from test_webhook($1, $2, $3, $4)",
            id,
            org_id,
            requester.user_id,
            requester.everywhere
        );
        return TestDelivery{
            .verdict = webhook_verdict_of(row), .delivery_id = row[1].as<std::string>("")};
    };
    return answer_of_change<TestDelivery>(pool_, id, work);
}

Result<DeliveryPage> PgWebhookStore::deliveries(
    const Requester& requester,
    const std::string& org_id,
    const std::string& id,
    std::optional<std::int64_t> before,
    int limit
)
{
    return answer_of_transaction<DeliveryPage>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<DeliveryPage> {
            if (!sees_webhook(transaction, requester, org_id, id)) {
                return k_no_such_webhook;
            }
            DeliveryPage page;
            for (const pqxx::row& row : transaction.exec_params(
                     std::string{"select "} + k_delivery_columns +
                         " from webhook_deliveries d where webhook_id = $1"
                         " and ($2::bigint is null or number < $2) order by number desc limit $3",
                     id,
                     before,
                     limit + 1
                 )) {
                if (std::cmp_equal(page.deliveries.size(), limit)) {
                    page.next = page.deliveries.back().number;
                    break;
                }
                page.deliveries.push_back(delivery_of(row));
            }
            return page;
        }
    );
}

Result<DeliveryDetail> PgWebhookStore::delivery(
    const Requester& requester,
    const std::string& org_id,
    const std::string& id,
    const std::string& delivery_id
)
{
    return answer_of_transaction<DeliveryDetail>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<DeliveryDetail> {
            if (!sees_webhook(transaction, requester, org_id, id)) {
                return k_no_such_webhook;
            }
            const pqxx::result rows = transaction.exec_params(
                std::string{"select "} + k_delivery_columns +
                    ", payload from webhook_deliveries d where id = $1 and webhook_id = $2",
                delivery_id,
                id
            );
            if (rows.empty()) {
                return Error{Errc::not_found, "no such delivery"};
            }
            DeliveryDetail detail{
                .record = delivery_of(rows[0]), .payload = rows[0]["payload"].as<std::string>()};
            for (const pqxx::row& row : transaction.exec_params(
                     std::string{"select "} + k_attempt_columns +
                         " from webhook_attempts where delivery_id = $1 order by number",
                     delivery_id
                 )) {
                detail.attempts.push_back(webhook_attempt_of(row));
            }
            return detail;
        }
    );
}

Result<WebhookVerdict> PgWebhookStore::redeliver(
    const Requester& requester,
    const std::string& org_id,
    const std::string& id,
    const std::string& delivery_id
)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<WebhookVerdict> {
        return webhook_verdict_of(transaction.exec_params1(
            "select redeliver($1, $2, $3, $4, $5, $6)",
            delivery_id,
            id,
            org_id,
            requester.user_id,
            requester.everywhere,
            requester.request_id
        ));
    };
    return answer_of_change<WebhookVerdict>(pool_, id, work);
}

}  // namespace libra
