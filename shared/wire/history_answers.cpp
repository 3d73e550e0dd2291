#include "shared/wire/history_answers.hpp"

#include "shared/wire/json_writer.hpp"
#include "shared/wire/optional_members.hpp"
#include "shared/wire/site_manifest.hpp"

#include <chrono>
#include <cstddef>

namespace libra {

namespace {

void write_duration(
    JsonWriter& json,
    const std::optional<UtcTime>& started_at,
    const std::optional<UtcTime>& finished_at
)
{
    if (started_at && finished_at) {
        using std::chrono::milliseconds;
        const auto took = std::chrono::duration_cast<milliseconds>(*finished_at - *started_at);
        json.key("durationMs").number(took.count());
    }
}

/// The members, without the braces.
void write_members(JsonWriter& json, const DeploymentAnswer& deployment)
{
    json.key("deploymentId").text(deployment.id);
    json.key("projectId").text(deployment.project_id);
    json.key("orgId").text(deployment.org_id);
    json.key("userId").text(deployment.user_id);
    json.key("status").text(to_string(deployment.status));
    if (const auto step = current_step_of(deployment.status, deployment.steps)) {
        json.key("currentStep").text(to_string(*step));
    }
    json.key("progress").number(progress_of(deployment.status, deployment.steps));
    if (deployment.failure_class) {
        json.key("failureClass").text(to_string(*deployment.failure_class));
    }
    write_optional(json, "errorCode", deployment.error_code);
    write_optional(json, "error", deployment.error);
    write_optional(json, "url", deployment.url);
    write_optional(json, "previewUrl", deployment.preview_url);
    json.key("live").boolean(deployment.live);
    json.key("kind").text(to_string(deployment.kind));
    write_optional(json, "sourceDeploymentId", deployment.source_id);
    json.key("createdAt").text(to_rfc3339(deployment.created_at));
    write_optional(json, "startedAt", deployment.started_at);
    write_optional(json, "finishedAt", deployment.finished_at);
    write_duration(json, deployment.started_at, deployment.finished_at);
}

void write_step(JsonWriter& json, StepName name, const StepHistoryAnswer& step)
{
    json.begin_object().key("step").text(to_string(name));
    json.key("status").text(to_string(step.status));
    write_optional(json, "startedAt", step.started_at);
    write_optional(json, "finishedAt", step.finished_at);
    write_duration(json, step.started_at, step.finished_at);
    write_optional(json, "attempt", step.attempt);
    write_optional(json, "error", step.error);
    json.end_object();
}

void write_artifact(JsonWriter& json, const ArtifactAnswer& artifact)
{
    json.key("artifact").begin_object().key("digest").text(artifact.digest);
    json.key("files").number(artifact.files).key("bytes").number(artifact.bytes).end_object();
}

void write_log_line(JsonWriter& json, const LogLineAnswer& line)
{
    json.begin_object().key("seq").number(line.seq);
    json.key("at").text(to_rfc3339(line.at)).key("step").text(line.step);
    json.key("stream").text(line.stream).key("line").text(line.line).end_object();
}

}  // namespace

std::string encode_deployments(const DeploymentsAnswer& answer)
{
    JsonWriter json;
    json.begin_object().key("deployments").begin_array();
    for (const DeploymentAnswer& deployment : answer.deployments) {
        json.begin_object();
        write_members(json, deployment);
        json.end_object();
    }
    json.end_array();
    write_optional(json, "nextCursor", answer.next_cursor);
    json.key("timestamp").text(to_rfc3339(answer.timestamp)).end_object();
    return json.take();
}

std::string encode_deployment(const DeploymentDetailAnswer& answer)
{
    JsonWriter json;
    json.begin_object();
    write_members(json, answer.summary);
    json.key("generation").number(answer.generation).key("attempts").begin_array();
    for (const AttemptAnswer& attempt : answer.attempts) {
        write_attempt(json, attempt);
    }
    json.end_array().key("steps").begin_array();
    for (std::size_t index = 0; index < k_steps.size(); ++index) {
        write_step(json, k_steps.at(index), answer.steps.at(index));
    }
    json.end_array();
    if (answer.build) {
        json.key("build").raw(*answer.build);
    }
    if (answer.artifact) {
        write_artifact(json, *answer.artifact);
    }
    if (answer.failure_json) {
        json.key("failure").raw(*answer.failure_json);
    }
    json.end_object();
    return json.take();
}

std::string encode_deployment_files(const DeploymentFilesAnswer& answer)
{
    JsonWriter json;
    json.begin_object().key("deploymentId").text(answer.deployment_id);
    write_artifact(json, answer.artifact);
    json.key("files").begin_array();
    for (const SiteManifestFile& file : answer.files) {
        write_site_file(json, file);
    }
    json.end_array();
    write_optional(json, "nextCursor", answer.next_cursor);
    json.key("timestamp").text(to_rfc3339(answer.timestamp)).end_object();
    return json.take();
}

std::string encode_log_line(const LogLineAnswer& line)
{
    JsonWriter json;
    write_log_line(json, line);
    return json.take();
}

std::string encode_log(const LogAnswer& answer)
{
    JsonWriter json;
    json.begin_object().key("deploymentId").text(answer.deployment_id).key("lines").begin_array();
    for (const LogLineAnswer& line : answer.lines) {
        write_log_line(json, line);
    }
    json.end_array().key("nextAfter").number(answer.next_after);
    json.key("finished").boolean(answer.finished);
    json.key("timestamp").text(to_rfc3339(answer.timestamp)).end_object();
    return json.take();
}

}  // namespace libra
