#pragma once

#include "api-gateway/webhooks/webhook_handler.hpp"

namespace libra {

/// POST /organizations/{orgId}/webhooks/{webhookId}/test.
class WebhookTestHandler final : public WebhookHandler {
public:
    WebhookTestHandler(const Parts& parts, Log log);

protected:
    HttpResponse
    answer_at(const WebhookPath& path, const HttpRequest& request, const Requester& requester)
        override;
};

/// GET /organizations/{orgId}/webhooks/{webhookId}/deliveries.
class DeliveryListHandler final : public WebhookHandler {
public:
    DeliveryListHandler(const Parts& parts, Log log);

protected:
    HttpResponse
    answer_at(const WebhookPath& path, const HttpRequest& request, const Requester& requester)
        override;
};

/// GET /organizations/{orgId}/webhooks/{webhookId}/deliveries/{deliveryId}.
class DeliveryDetailHandler final : public WebhookHandler {
public:
    DeliveryDetailHandler(const Parts& parts, Log log);

protected:
    HttpResponse
    answer_at(const WebhookPath& path, const HttpRequest& request, const Requester& requester)
        override;
};

/// POST …/deliveries/{deliveryId}/redeliver.
class RedeliverHandler final : public WebhookHandler {
public:
    RedeliverHandler(const Parts& parts, Log log);

protected:
    HttpResponse
    answer_at(const WebhookPath& path, const HttpRequest& request, const Requester& requester)
        override;
};

}  // namespace libra
