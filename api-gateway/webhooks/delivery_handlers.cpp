#include "api-gateway/webhooks/delivery_handlers.hpp"

#include "api-gateway/api/json_response.hpp"
#include "api-gateway/api/query_reader.hpp"
#include "api-gateway/webhooks/errors.hpp"
#include "shared/wire/answers.hpp"

#include <utility>

namespace libra {

namespace {

DeliveryAnswer delivery_answer(const DeliveryRecord& delivery)
{
    return {
        .delivery_id = delivery.id,
        .type = delivery.type,
        .deployment_id = delivery.deployment_id,
        .status = delivery.status,
        .attempts = delivery.attempts,
        .created_at = delivery.created_at,
        .next_attempt_at = delivery.due_at,
        .finished_at = delivery.finished_at};
}

}  // namespace

WebhookTestHandler::WebhookTestHandler(const Parts& parts, Log log)
    : WebhookHandler{parts, "deploy", std::move(log)}
{
}

HttpResponse WebhookTestHandler::answer_at(
    const WebhookPath& path,
    const HttpRequest& request,
    const Requester& requester
)
{
    const Result<TestDelivery> made = webhooks().test(requester, path.org_id, path.webhook_id);
    if (!made) {
        return failed(made.error(), request);
    }
    if (made->verdict != WebhookVerdict::done) {
        return refused(made->verdict);
    }
    return json_response(202, encode_queued_delivery(made->delivery_id, now()));
}

DeliveryListHandler::DeliveryListHandler(const Parts& parts, Log log)
    : WebhookHandler{parts, "read", std::move(log)}
{
}

HttpResponse DeliveryListHandler::answer_at(
    const WebhookPath& path,
    const HttpRequest& request,
    const Requester& requester
)
{
    constexpr int k_usual_limit = 50;
    QueryReader reader{request};
    const auto before = reader.read("cursor", &parse_positive, "must be a `nextCursor`");
    const int limit = reader.limit(k_usual_limit);
    if (const Problems problems = std::move(reader).finish(); !problems.empty()) {
        return error_response(
            k_validation_failed, now(), k_invalid_query, encode_problems(problems)
        );
    }
    const auto page = webhooks().deliveries(requester, path.org_id, path.webhook_id, before, limit);
    if (!page) {
        return failed(page.error(), request, k_webhook_not_found);
    }
    DeliveriesAnswer answer{.timestamp = now()};
    for (const DeliveryRecord& delivery : page->deliveries) {
        answer.deliveries.push_back(delivery_answer(delivery));
    }
    if (page->next) {
        answer.next_cursor = std::to_string(*page->next);
    }
    return json_response(200, encode_deliveries(answer));
}

DeliveryDetailHandler::DeliveryDetailHandler(const Parts& parts, Log log)
    : WebhookHandler{parts, "read", std::move(log)}
{
}

HttpResponse DeliveryDetailHandler::answer_at(
    const WebhookPath& path,
    const HttpRequest& request,
    const Requester& requester
)
{
    const auto found =
        webhooks().delivery(requester, path.org_id, path.webhook_id, path.delivery_id);
    if (!found) {
        return failed(found.error(), request, k_delivery_not_found);
    }
    std::vector<DeliveryAttemptAnswer> attempts;
    for (const AttemptOfDelivery& attempt : found->attempts) {
        attempts.push_back(
            {.number = attempt.number,
             .at = attempt.at,
             .milliseconds = attempt.milliseconds,
             .status_code = attempt.status_code,
             .error = attempt.error}
        );
    }
    return json_response(
        200, encode_delivery(delivery_answer(found->record), found->payload, attempts, now())
    );
}

RedeliverHandler::RedeliverHandler(const Parts& parts, Log log)
    : WebhookHandler{parts, "deploy", std::move(log)}
{
}

HttpResponse RedeliverHandler::answer_at(
    const WebhookPath& path,
    const HttpRequest& request,
    const Requester& requester
)
{
    const auto queued =
        webhooks().redeliver(requester, path.org_id, path.webhook_id, path.delivery_id);
    if (!queued) {
        return failed(queued.error(), request);
    }
    if (*queued != WebhookVerdict::done) {
        return refused(*queued);
    }
    return json_response(202, encode_queued_delivery(path.delivery_id, now()));
}

}  // namespace libra
