#include "shared/wire/project_answers.hpp"

#include "shared/wire/json_writer.hpp"
#include "shared/wire/optional_members.hpp"

namespace libra {

namespace {

void write_project(JsonWriter& json, const ProjectAnswer& project)
{
    json.begin_object().key("projectId").text(project.project_id);
    json.key("orgId").text(project.org_id).key("name").text(project.name);
    json.key("url").text(project.url).key("active").boolean(project.active);
    json.key("status").text(project.status);
    write_optional(json, "liveDeploymentId", project.live_deployment);
    if (project.build) {
        json.key("build").raw(*project.build);
    }
    write_optional(json, "template", project.site_template);
    json.key("createdAt").text(to_rfc3339(project.created_at)).end_object();
}

void write_domain(JsonWriter& json, const DomainAnswer& domain)
{
    json.begin_object().key("hostname").text(domain.hostname);
    json.key("createdAt").text(to_rfc3339(domain.created_at)).end_object();
}

std::string end_with(JsonWriter& json, UtcTime timestamp)
{
    json.key("timestamp").text(to_rfc3339(timestamp)).end_object();
    return json.take();
}

}  // namespace

std::string encode_projects(const ProjectsAnswer& answer)
{
    JsonWriter json;
    json.begin_object().key("projects").begin_array();
    for (const ProjectAnswer& project : answer.projects) {
        write_project(json, project);
    }
    json.end_array();
    write_optional(json, "nextCursor", answer.next_cursor);
    return end_with(json, answer.timestamp);
}

std::string encode_project(const ProjectAnswer& project, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("project");
    write_project(json, project);
    return end_with(json, timestamp);
}

std::string encode_changed_project(const ProjectAnswer& project, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true).key("project");
    write_project(json, project);
    return end_with(json, timestamp);
}

std::string
encode_deleted_project(std::string_view project_id, std::string_view message, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true);
    json.key("projectId").text(project_id).key("message").text(message);
    return end_with(json, timestamp);
}

std::string encode_domains(const std::vector<DomainAnswer>& domains, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("domains").begin_array();
    for (const DomainAnswer& domain : domains) {
        write_domain(json, domain);
    }
    json.end_array();
    return end_with(json, timestamp);
}

std::string encode_added_domain(const DomainAnswer& domain, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true).key("domain");
    write_domain(json, domain);
    return end_with(json, timestamp);
}

std::string
encode_removed_domain(std::string_view hostname, std::string_view message, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true);
    json.key("hostname").text(hostname).key("message").text(message);
    return end_with(json, timestamp);
}

}  // namespace libra
