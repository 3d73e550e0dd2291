#include "api-gateway/webhooks/webhook_handler.hpp"

#include "api-gateway/webhooks/errors.hpp"
#include "shared/domain/rules.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>
#include <utility>

namespace libra {

WebhookHandler::WebhookHandler(const Parts& parts, std::string_view scope, Log log)
    : PrincipalHandler{{parts.admissions, parts.clock}, scope, std::move(log)}, parts_{parts}
{
}

HttpResponse WebhookHandler::answer(const HttpRequest& request, const Principal& caller)
{
    WebhookPath path;
    const std::array ids{
        std::pair{std::size_t{1}, &path.org_id},
        std::pair{std::size_t{3}, &path.webhook_id},
        std::pair{std::size_t{5}, &path.delivery_id}};
    for (const auto& [at, id] : ids) {
        *id = request.segment(at);
        const bool there = at == 1 || !id->empty();
        if (there && id_problem(*id)) {
            return error(k_invalid_id, k_invalid_id_of_webhook_path);
        }
    }
    return answer_at(
        path,
        request,
        {.user_id = caller.user_id,
         .everywhere = caller.operates_platform(),
         .request_id = request.request_id}
    );
}

HttpResponse WebhookHandler::refused(WebhookVerdict verdict) const
{
    switch (verdict) {
    case WebhookVerdict::done:
        break;
    case WebhookVerdict::not_found:
        return error(k_organization_not_found);
    case WebhookVerdict::role_not_sufficient:
        return error(k_role_not_sufficient);
    case WebhookVerdict::too_many:
        return error(k_too_many_webhooks);
    case WebhookVerdict::webhook_not_found:
        return error(k_webhook_not_found);
    case WebhookVerdict::delivery_not_found:
        return error(k_delivery_not_found);
    case WebhookVerdict::inactive:
        return error(k_webhook_inactive);
    }
    throw std::logic_error{"what was done is not refused"};
}

WebhookAnswer WebhookHandler::to_answer(const WebhookRecord& webhook)
{
    return {
        .webhook_id = webhook.id,
        .url = webhook.url,
        .events = webhook.events,
        .active = webhook.active,
        .disabled_reason = webhook.disabled_reason,
        .created_at = webhook.created_at};
}

}  // namespace libra
