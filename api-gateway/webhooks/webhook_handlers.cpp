#include "api-gateway/webhooks/webhook_handlers.hpp"

#include "api-gateway/api/body_refused.hpp"
#include "api-gateway/api/json_response.hpp"
#include "api-gateway/webhooks/errors.hpp"
#include "shared/wire/webhook_requests.hpp"

#include <utility>

namespace libra {

WebhookListHandler::WebhookListHandler(const Parts& parts, Log log)
    : WebhookHandler{parts, "read", std::move(log)}
{
}

HttpResponse WebhookListHandler::answer_at(
    const WebhookPath& path,
    const HttpRequest& request,
    const Requester& requester
)
{
    const auto found = webhooks().list(requester, path.org_id);
    if (!found) {
        return failed(found.error(), request, k_organization_not_found);
    }
    std::vector<WebhookAnswer> answers;
    for (const WebhookRecord& webhook : *found) {
        answers.push_back(to_answer(webhook));
    }
    return json_response(200, encode_webhooks(answers, now()));
}

WebhookCreateHandler::WebhookCreateHandler(const Parts& parts, Log log)
    : WebhookHandler{parts, "deploy", std::move(log)}
{
}

HttpResponse WebhookCreateHandler::answer_at(
    const WebhookPath& path,
    const HttpRequest& request,
    const Requester& requester
)
{
    auto parsed = parse_new_webhook(request.body);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    if (parts().keys == nullptr) {
        return error(k_webhooks_unavailable);
    }
    auto& wanted = std::get<NewWebhookRequest>(parsed);
    const NewWebhook webhook{
        .id = new_id(parts().random),
        .url = std::move(wanted.url),
        .events = std::move(wanted.events)};
    const Result<WebhookVerdict> made = webhooks().create(requester, path.org_id, webhook);
    if (!made) {
        return failed(made.error(), request);
    }
    if (*made != WebhookVerdict::done) {
        return refused(*made);
    }
    const auto record = webhooks().find(requester, path.org_id, webhook.id);
    if (!record) {
        return failed(record.error(), request, k_webhook_not_found);
    }
    HttpResponse response = json_response(
        201, encode_new_webhook(to_answer(*record), parts().keys->secret_of(webhook.id), now())
    );
    response.headers.emplace_back(
        "Location", "/organizations/" + path.org_id + "/webhooks/" + webhook.id
    );
    return response;
}

WebhookDetailHandler::WebhookDetailHandler(const Parts& parts, Log log)
    : WebhookHandler{parts, "read", std::move(log)}
{
}

HttpResponse WebhookDetailHandler::answer_at(
    const WebhookPath& path,
    const HttpRequest& request,
    const Requester& requester
)
{
    const auto found = webhooks().find(requester, path.org_id, path.webhook_id);
    if (!found) {
        return failed(found.error(), request, k_webhook_not_found);
    }
    return json_response(200, encode_webhook(to_answer(*found), now()));
}

WebhookChangeHandler::WebhookChangeHandler(const Parts& parts, Log log)
    : WebhookHandler{parts, "deploy", std::move(log)}
{
}

HttpResponse WebhookChangeHandler::answer_at(
    const WebhookPath& path,
    const HttpRequest& request,
    const Requester& requester
)
{
    auto parsed = parse_webhook_changes(request.body);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    auto& wanted = std::get<WebhookChangesRequest>(parsed);
    const Result<WebhookVerdict> changed = webhooks().change(
        requester,
        path.org_id,
        path.webhook_id,
        {.url = std::move(wanted.url), .events = std::move(wanted.events), .active = wanted.active}
    );
    if (!changed) {
        return failed(changed.error(), request);
    }
    if (*changed != WebhookVerdict::done) {
        return refused(*changed);
    }
    const auto found = webhooks().find(requester, path.org_id, path.webhook_id);
    if (!found) {
        return failed(found.error(), request, k_webhook_not_found);
    }
    return json_response(200, encode_changed_webhook(to_answer(*found), now()));
}

WebhookRemoveHandler::WebhookRemoveHandler(const Parts& parts, Log log)
    : WebhookHandler{parts, "deploy", std::move(log)}
{
}

HttpResponse WebhookRemoveHandler::answer_at(
    const WebhookPath& path,
    const HttpRequest& request,
    const Requester& requester
)
{
    const auto removed = webhooks().remove(requester, path.org_id, path.webhook_id);
    if (!removed) {
        return failed(removed.error(), request);
    }
    if (*removed != WebhookVerdict::done) {
        return refused(*removed);
    }
    return json_response(
        200, encode_removed_webhook(path.webhook_id, "It is told nothing any more.", now())
    );
}

}  // namespace libra
