#pragma once

#include "shared/storage/webhook_store.hpp"

#include <string>
#include <vector>

namespace libra::testing {

/// Gives the answers it was told to and writes down what it was asked.
class FakeWebhookStore final : public WebhookStore {
public:
    Result<std::vector<WebhookRecord>> records{std::vector<WebhookRecord>{}};
    Result<WebhookRecord> record{WebhookRecord{
        .id = "hook-1",
        .url = "https://a.test/",
        .events = {"deployment.failed"},
        .active = true}};
    Result<WebhookVerdict> verdict{WebhookVerdict::done};
    Result<TestDelivery> test_delivery{
        TestDelivery{.verdict = WebhookVerdict::done, .delivery_id = "msg_1"}};
    Result<DeliveryPage> page{DeliveryPage{}};
    Result<DeliveryDetail> detail{DeliveryDetail{}};
    std::vector<std::string> calls{};
    Requester requester{};  // of the last call
    NewWebhook created{};
    WebhookChanges changes{};

    Result<std::vector<WebhookRecord>> list(const Requester& by, const std::string& org) override
    {
        note(by, "list " + org);
        return records;
    }

    Result<WebhookRecord>
    find(const Requester& by, const std::string& org, const std::string& id) override
    {
        note(by, "find " + org + " " + id);
        return record;
    }

    Result<WebhookVerdict>
    create(const Requester& by, const std::string& org, const NewWebhook& webhook) override
    {
        note(by, "create " + org);
        created = webhook;
        return verdict;
    }

    Result<WebhookVerdict> change(
        const Requester& by,
        const std::string& org,
        const std::string& id,
        const WebhookChanges& wanted
    ) override
    {
        note(by, "change " + org + " " + id);
        changes = wanted;
        return verdict;
    }

    Result<WebhookVerdict>
    remove(const Requester& by, const std::string& org, const std::string& id) override
    {
        note(by, "remove " + org + " " + id);
        return verdict;
    }

    Result<TestDelivery>
    test(const Requester& by, const std::string& org, const std::string& id) override
    {
        note(by, "test " + org + " " + id);
        return test_delivery;
    }

    Result<DeliveryPage> deliveries(
        const Requester& by,
        const std::string& org,
        const std::string& id,
        std::optional<std::int64_t> before,
        int limit
    ) override
    {
        note(
            by,
            "deliveries " + org + " " + id + " before " + (before ? std::to_string(*before) : "-") +
                " " + std::to_string(limit)
        );
        return page;
    }

    Result<DeliveryDetail> delivery(
        const Requester& by,
        const std::string& org,
        const std::string& id,
        const std::string& delivery_id
    ) override
    {
        note(by, "delivery " + org + " " + id + " " + delivery_id);
        return detail;
    }

    Result<WebhookVerdict> redeliver(
        const Requester& by,
        const std::string& org,
        const std::string& id,
        const std::string& delivery_id
    ) override
    {
        note(by, "redeliver " + org + " " + id + " " + delivery_id);
        return verdict;
    }

private:
    void note(const Requester& by, std::string call)
    {
        requester = by;
        calls.push_back(std::move(call));
    }
};

}  // namespace libra::testing
