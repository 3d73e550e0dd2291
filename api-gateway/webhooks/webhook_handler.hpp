#pragma once

#include "api-gateway/api/principal_handler.hpp"
#include "shared/base/random.hpp"
#include "shared/domain/webhook_keys.hpp"
#include "shared/storage/requester.hpp"
#include "shared/storage/webhook_store.hpp"
#include "shared/wire/webhook_answers.hpp"

#include <string>
#include <string_view>

/// @file What every endpoint about webhooks does.

namespace libra {

/// The ids in `/organizations/{orgId}/webhooks/{webhookId}/deliveries/{deliveryId}`, as far as the
/// path goes.
struct WebhookPath {
    std::string org_id{};
    std::string webhook_id{};
    std::string delivery_id{};
};

class WebhookHandler : public PrincipalHandler {
public:
    struct Parts {
        AdmissionStore& admissions;
        WebhookStore& webhooks;
        Clock& clock;
        Random& random;
        const WebhookKeys* keys;  // null: no webhook can be made
    };

    /// What `parts` refers to must outlive it. `scope` as for PrincipalHandler.
    WebhookHandler(const Parts& parts, std::string_view scope, Log log);

protected:
    /// Refuses malformed ids itself. An operator of the platform acts in every organisation.
    HttpResponse answer(const HttpRequest& request, const Principal& caller) final;

    virtual HttpResponse
    answer_at(const WebhookPath& path, const HttpRequest& request, const Requester& requester) = 0;

    const Parts& parts() const { return parts_; }

    WebhookStore& webhooks() const { return parts_.webhooks; }

    /// The answer to every verdict but `done`.
    HttpResponse refused(WebhookVerdict verdict) const;

    static WebhookAnswer to_answer(const WebhookRecord& webhook);

private:
    Parts parts_;
};

}  // namespace libra
