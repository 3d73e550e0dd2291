#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/storage/requester.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// @file Webhooks as their owners manage them, and what became of their messages.
///
/// Upstream: the gateway's /organizations/{orgId}/webhooks. Downstream: PostgreSQL.

namespace libra {

struct WebhookRecord {
    std::string id{};
    std::string url{};
    std::vector<std::string> events{};
    bool active{};
    std::optional<std::string> disabled_reason{};  // where it is not its owner who switched it off
    UtcTime created_at{};
};

struct NewWebhook {
    std::string id{};
    std::string url{};
    std::vector<std::string> events{};
};

/// What is absent stays as it is.
struct WebhookChanges {
    std::optional<std::string> url{};
    std::optional<std::vector<std::string>> events{};
    std::optional<bool> active{};
};

struct DeliveryRecord {
    std::int64_t number{};  // in the order of their making
    std::string id{};
    std::string type{};
    std::optional<std::string> deployment_id{};
    std::string status{};  // pending, delivered or failed
    int attempts{};
    UtcTime created_at{};
    std::optional<UtcTime> due_at{};  // of one that is pending
    std::optional<UtcTime> finished_at{};
};

struct DeliveryPage {
    std::vector<DeliveryRecord> deliveries{};  // newest first
    std::optional<std::int64_t> next{};        // `before` of the next page
};

struct AttemptOfDelivery {
    int number{};
    UtcTime at{};
    std::int64_t milliseconds{};
    std::optional<std::int64_t> status_code{};
    std::optional<std::string> error{};
};

struct DeliveryDetail {
    DeliveryRecord record{};
    std::string payload{};  // JSON
    std::vector<AttemptOfDelivery> attempts{};
};

enum class WebhookVerdict {
    done,
    not_found,  // the organisation, or of one the requester is no member of
    role_not_sufficient,
    too_many,
    webhook_not_found,
    delivery_not_found,
    inactive,
};

struct TestDelivery {
    WebhookVerdict verdict{};
    std::string delivery_id{};  // where it is done
};

/// Thread-safe; each call is one transaction; `unavailable` when the database does not answer. What
/// is read is for members of the organisation, what is changed for its owners and admins; a
/// requester that acts everywhere is an operator. Changes are in the audit log.
class WebhookStore {
public:
    virtual ~WebhookStore() = default;

    /// By id. @return `not_found` for an organisation the requester does not belong to.
    virtual Result<std::vector<WebhookRecord>>
    list(const Requester& requester, const std::string& org_id) = 0;

    /// @return `not_found`, also as `list`.
    virtual Result<WebhookRecord>
    find(const Requester& requester, const std::string& org_id, const std::string& id) = 0;

    virtual Result<WebhookVerdict>
    create(const Requester& requester, const std::string& org_id, const NewWebhook& webhook) = 0;

    virtual Result<WebhookVerdict> change(
        const Requester& requester,
        const std::string& org_id,
        const std::string& id,
        const WebhookChanges& changes
    ) = 0;

    /// With the history of its messages.
    virtual Result<WebhookVerdict>
    remove(const Requester& requester, const std::string& org_id, const std::string& id) = 0;

    /// Makes a message whose only purpose is to be received.
    virtual Result<TestDelivery>
    test(const Requester& requester, const std::string& org_id, const std::string& id) = 0;

    /// @return `not_found` as `find`.
    virtual Result<DeliveryPage> deliveries(
        const Requester& requester,
        const std::string& org_id,
        const std::string& id,
        std::optional<std::int64_t> before,
        int limit
    ) = 0;

    /// @return `not_found` as `find`, and for a message that is not there (any more).
    virtual Result<DeliveryDetail> delivery(
        const Requester& requester,
        const std::string& org_id,
        const std::string& id,
        const std::string& delivery_id
    ) = 0;

    /// Sends the same message again, as soon as a worker comes to it.
    virtual Result<WebhookVerdict> redeliver(
        const Requester& requester,
        const std::string& org_id,
        const std::string& id,
        const std::string& delivery_id
    ) = 0;
};

}  // namespace libra
