#include "shared/wire/queue_message.hpp"

#include "shared/wire/params.hpp"
#include "shared/wire/schemas.hpp"
#include "shared/wire/text_members.hpp"

namespace libra {

Result<QueueMessage> decode_queue_message(std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return document.error();
    }
    const JsonValue& root = document->root();
    const FoundMember params = locate(root, "params");
    Findings findings;
    queue_message_schema().check(root, Place{}, findings);
    if (params.value != nullptr) {
        const Place whole;
        check_paths(*params.value, whole.member("params", params.position), findings);
    }
    if (!findings.empty()) {
        return Error{Errc::invalid_input, std::move(findings).text()};
    }
    const JsonValue& metadata = root["metadata"];
    return QueueMessage{
        .deployment_id = std::string{text_of(root["deploymentId"])},
        .params = read_params(*params.value, Digests::of_blobs),
        .timestamp = std::string{text_of(metadata["timestamp"])},
        .retry_count = metadata["retryCount"].GetInt(),
        .priority = metadata["priority"].GetInt(),
    };
}

std::string encode_queue_message(const QueueMessage& message)
{
    JsonWriter json;
    json.begin_object().key("deploymentId").text(message.deployment_id).key("params");
    write_params(json, message.params);
    json.key("metadata").begin_object().key("timestamp").text(message.timestamp);
    json.key("retryCount").number(message.retry_count);
    json.key("priority").number(message.priority).end_object().end_object();
    return json.take();
}

Result<DeploymentParams> decode_params(std::string_view params_json)
{
    const Result<JsonDocument> document = JsonDocument::parse(params_json);
    if (!document) {
        return document.error();
    }
    Findings findings;
    deployment_params_schema().check(document->root(), Place{}, findings);
    check_paths(document->root(), Place{}, findings);
    if (!findings.empty()) {
        return Error{Errc::invalid_input, std::move(findings).text()};
    }
    return read_params(document->root(), Digests::of_blobs);
}

}  // namespace libra
