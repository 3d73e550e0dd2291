#pragma once

#include "api-gateway/webhooks/webhook_handler.hpp"

namespace libra {

/// GET /organizations/{orgId}/webhooks.
class WebhookListHandler final : public WebhookHandler {
public:
    WebhookListHandler(const Parts& parts, Log log);

protected:
    HttpResponse
    answer_at(const WebhookPath& path, const HttpRequest& request, const Requester& requester)
        override;
};

/// POST /organizations/{orgId}/webhooks: answers with the secret, this once.
class WebhookCreateHandler final : public WebhookHandler {
public:
    WebhookCreateHandler(const Parts& parts, Log log);

protected:
    HttpResponse
    answer_at(const WebhookPath& path, const HttpRequest& request, const Requester& requester)
        override;
};

/// GET /organizations/{orgId}/webhooks/{webhookId}.
class WebhookDetailHandler final : public WebhookHandler {
public:
    WebhookDetailHandler(const Parts& parts, Log log);

protected:
    HttpResponse
    answer_at(const WebhookPath& path, const HttpRequest& request, const Requester& requester)
        override;
};

/// PATCH.
class WebhookChangeHandler final : public WebhookHandler {
public:
    WebhookChangeHandler(const Parts& parts, Log log);

protected:
    HttpResponse
    answer_at(const WebhookPath& path, const HttpRequest& request, const Requester& requester)
        override;
};

/// DELETE.
class WebhookRemoveHandler final : public WebhookHandler {
public:
    WebhookRemoveHandler(const Parts& parts, Log log);

protected:
    HttpResponse
    answer_at(const WebhookPath& path, const HttpRequest& request, const Requester& requester)
        override;
};

}  // namespace libra
