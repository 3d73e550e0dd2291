#pragma once

#include "shared/storage/pg_pool.hpp"
#include "shared/storage/webhook_store.hpp"

namespace libra {

class PgWebhookStore final : public WebhookStore {
public:
    static constexpr int k_most_webhooks = 20;  // of one organisation

    explicit PgWebhookStore(PgPool& pool) : pool_{pool} {}

    Result<std::vector<WebhookRecord>>
    list(const Requester& requester, const std::string& org_id) override;

    Result<WebhookRecord>
    find(const Requester& requester, const std::string& org_id, const std::string& id) override;

    Result<WebhookVerdict>
    create(const Requester& requester, const std::string& org_id, const NewWebhook& webhook)
        override;

    Result<WebhookVerdict> change(
        const Requester& requester,
        const std::string& org_id,
        const std::string& id,
        const WebhookChanges& changes
    ) override;

    Result<WebhookVerdict>
    remove(const Requester& requester, const std::string& org_id, const std::string& id) override;

    Result<TestDelivery>
    test(const Requester& requester, const std::string& org_id, const std::string& id) override;

    Result<DeliveryPage> deliveries(
        const Requester& requester,
        const std::string& org_id,
        const std::string& id,
        std::optional<std::int64_t> before,
        int limit
    ) override;

    Result<DeliveryDetail> delivery(
        const Requester& requester,
        const std::string& org_id,
        const std::string& id,
        const std::string& delivery_id
    ) override;

    Result<WebhookVerdict> redeliver(
        const Requester& requester,
        const std::string& org_id,
        const std::string& id,
        const std::string& delivery_id
    ) override;

private:
    PgPool& pool_;
};

}  // namespace libra
