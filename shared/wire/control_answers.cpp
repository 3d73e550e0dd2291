#include "shared/wire/control_answers.hpp"

#include "shared/wire/json_writer.hpp"

namespace libra {

namespace {

void write_block(JsonWriter& json, const QueueBlock& block)
{
    json.begin_object().key("reason").text(block.reason);
    if (block.deployment_id) {
        json.key("deploymentId").text(*block.deployment_id);
    }
    if (block.retry_at) {
        json.key("retryAt").text(to_rfc3339(*block.retry_at));
    }
    json.key("message").text(block.message).end_object();
}

}  // namespace

std::string encode_cancel(const CancelAnswer& answer)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true);
    json.key("deploymentId").text(answer.deployment_id);
    json.key("status").text(answer.stopping ? "cancelling" : "cancelled");
    json.key("message").text(
        answer.stopping
            ? "The deployment is being stopped. Once its status is 'cancelled', it is not served."
            : "The deployment is cancelled."
    );
    json.key("timestamp").text(to_rfc3339(answer.timestamp)).end_object();
    return json.take();
}

std::string encode_queue_place(const QueueAnswer& answer)
{
    JsonWriter json;
    json.begin_object().key("deploymentId").text(answer.deployment_id);
    json.key("status").text(to_string(answer.status));
    if (answer.status == DeploymentStatus::queued) {
        json.key("position").number(answer.ahead + 1);
        json.key("ahead").number(answer.ahead);
        json.key("running").number(answer.running);
        json.key("capacity").number(answer.capacity);
        json.key("estimatedStart").text(to_rfc3339(answer.estimated_start));
        json.key("blockedBy");
        write_block(json, answer.blocked_by);
    }
    json.key("timestamp").text(to_rfc3339(answer.timestamp)).end_object();
    return json.take();
}

}  // namespace libra
