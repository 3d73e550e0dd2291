#include "shared/wire/answers.hpp"

#include "shared/wire/json_writer.hpp"

namespace libra {

namespace {

// Clients of the original service look for this name.
constexpr std::string_view k_service{"Libra Deploy V2"};

void write_optional(JsonWriter& json, std::string_view key, const std::optional<std::string>& value)
{
    if (value) {
        json.key(key).text(*value);
    }
}

void write_step(JsonWriter& json, const StepAnswer& step)
{
    json.begin_object().key("status").text(to_string(step.status));
    if (step.timestamp) {
        json.key("timestamp").text(to_rfc3339(*step.timestamp));
    }
    write_optional(json, "error", step.error);
    json.end_object();
}

void write_texts(JsonWriter& json, const std::vector<std::string>& texts)
{
    json.begin_array();
    for (const std::string& text : texts) {
        json.text(text);
    }
    json.end_array();
}

std::string_view health_word(bool healthy)
{
    return healthy ? "healthy" : "unhealthy";
}

}  // namespace

std::string encode_error(
    std::string_view code,
    std::string_view message,
    UtcTime timestamp,
    const std::string& details_json
)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(false);
    json.key("error").text(code).key("message").text(message);
    if (!details_json.empty()) {
        json.key("details").raw(details_json);
    }
    json.key("timestamp").text(to_rfc3339(timestamp)).end_object();
    return json.take();
}

std::string encode_problems(const Problems& problems)
{
    JsonWriter json;
    json.begin_array();
    for (const Problem& problem : problems) {
        json.begin_object().key("pointer").text(problem.pointer);
        json.key("reason").text(problem.reason).end_object();
    }
    json.end_array();
    return json.take();
}

std::string encode_blocking_deployment(std::string_view deployment_id)
{
    JsonWriter json;
    json.begin_object().key("deploymentId").text(deployment_id).end_object();
    return json.take();
}

std::string encode_accepted(std::string_view deployment_id, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true);
    json.key("deploymentId").text(deployment_id);
    json.key("status").text(to_string(DeploymentStatus::queued));
    json.key("message").text("Deployment queued successfully");
    json.key("timestamp").text(to_rfc3339(timestamp)).end_object();
    return json.take();
}

std::string encode_status(const StatusAnswer& answer)
{
    JsonWriter json;
    json.begin_object().key("deploymentId").text(answer.deployment_id);
    json.key("status").text(to_string(answer.status));
    if (answer.current_step) {
        json.key("currentStep").text(to_string(*answer.current_step));
    }
    json.key("progress").number(answer.progress);
    json.key("steps").begin_object();
    for (std::size_t i = 0; i < k_steps.size(); ++i) {
        json.key(to_string(k_steps.at(i)));
        write_step(json, answer.steps.at(i));
    }
    json.end_object().key("logs");
    write_texts(json, answer.logs);
    write_optional(json, "error", answer.error);
    write_optional(json, "url", answer.url);
    json.key("timestamp").text(to_rfc3339(answer.timestamp)).end_object();
    return json.take();
}

std::string encode_health(const HealthAnswer& answer)
{
    JsonWriter json;
    json.begin_object();
    json.key("status").text(health_word(answer.database_healthy && answer.queue_healthy));
    json.key("timestamp").text(to_rfc3339(answer.timestamp));
    json.key("service").text(k_service).key("version").text(answer.version);
    json.key("uptime").number(answer.uptime.count());
    json.key("checks").begin_object();
    json.key("database").text(health_word(answer.database_healthy));
    json.key("queue").text(health_word(answer.queue_healthy));
    json.end_object().end_object();
    return json.take();
}

std::string encode_service(const ServiceAnswer& answer)
{
    JsonWriter json;
    json.begin_object().key("message").text("Libra Deploy V2 is running");
    json.key("service").text(k_service).key("version").text(answer.version);
    json.key("status").text("running").key("timestamp").text(to_rfc3339(answer.timestamp));
    json.key("architecture").text("Queue-based: api-gateway, RabbitMQ, deploy-worker, PostgreSQL");
    json.key("description").text("Turns a project's files into a live web site.");
    json.key("endpoints");
    write_texts(json, answer.endpoints);
    json.end_object();
    return json.take();
}

}  // namespace libra
