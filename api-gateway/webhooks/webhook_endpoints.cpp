#include "api-gateway/webhooks/webhook_endpoints.hpp"

namespace libra {

WebhookEndpoints::WebhookEndpoints(const WebhookHandler::Parts& parts, const Log& log)
    : list_{parts, log},
      create_{parts, log},
      detail_{parts, log},
      change_{parts, log},
      remove_{parts, log},
      test_{parts, log},
      deliveries_{parts, log},
      delivery_{parts, log},
      redeliver_{parts, log}
{
}

Routes WebhookEndpoints::routes()
{
    using enum Runs;
    using enum Access;
    using enum Takes;
    // clang-format off
    return {
        {"GET",    "/organizations/{orgId}/webhooks",                  on_worker, credential, nothing, &list_},
        {"POST",   "/organizations/{orgId}/webhooks",                  on_worker, credential, json,    &create_},
        {"GET",    "/organizations/{orgId}/webhooks/{webhookId}",      on_worker, credential, nothing, &detail_},
        {"PATCH",  "/organizations/{orgId}/webhooks/{webhookId}",      on_worker, credential, json,    &change_},
        {"DELETE", "/organizations/{orgId}/webhooks/{webhookId}",      on_worker, credential, nothing, &remove_},
        {"POST",   "/organizations/{orgId}/webhooks/{webhookId}/test", on_worker, credential, nothing, &test_},
        {"GET",    "/organizations/{orgId}/webhooks/{webhookId}/deliveries",
                                                                       on_worker, credential, nothing, &deliveries_},
        {"GET",    "/organizations/{orgId}/webhooks/{webhookId}/deliveries/{deliveryId}",
                                                                       on_worker, credential, nothing, &delivery_},
        {"POST",   "/organizations/{orgId}/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver",
                                                                       on_worker, credential, nothing, &redeliver_},
    };
    // clang-format on
}

}  // namespace libra
