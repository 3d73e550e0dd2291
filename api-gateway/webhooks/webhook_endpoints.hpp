#pragma once

#include "api-gateway/webhooks/delivery_handlers.hpp"
#include "api-gateway/webhooks/webhook_handlers.hpp"

/// @file Every endpoint about webhooks.

namespace libra {

class WebhookEndpoints {
public:
    /// What `parts` refers to must outlive it.
    WebhookEndpoints(const WebhookHandler::Parts& parts, const Log& log);

    /// Valid as long as this object.
    Routes routes();

private:
    WebhookListHandler list_;
    WebhookCreateHandler create_;
    WebhookDetailHandler detail_;
    WebhookChangeHandler change_;
    WebhookRemoveHandler remove_;
    WebhookTestHandler test_;
    DeliveryListHandler deliveries_;
    DeliveryDetailHandler delivery_;
    RedeliverHandler redeliver_;
};

}  // namespace libra
