#include "api-gateway/projects/project_handler.hpp"

#include "api-gateway/projects/errors.hpp"
#include "shared/domain/rules.hpp"

#include <stdexcept>
#include <utility>

namespace libra {

ProjectHandler::ProjectHandler(const Parts& parts, std::string_view scope, Log log)
    : PrincipalHandler{{parts.admissions, parts.clock}, scope, std::move(log)}, parts_{parts}
{
}

Requester ProjectHandler::requester_of(const HttpRequest& request, const Principal& caller)
{
    return {
        .user_id = caller.user_id,
        .everywhere = caller.service || caller.has_scope("admin"),
        .request_id = request.request_id};
}

ProjectAnswer ProjectHandler::to_answer(const ProjectRecord& project) const
{
    return {
        .project_id = project.id,
        .org_id = project.org_id,
        .name = project.name,
        .url = site_url(parts_.sites, site_host(parts_.sites, project.site_label)),
        .active = project.active,
        .status = project.status,
        .live_deployment = project.live_deployment,
        .build = project.build,
        .site_template = project.site_template,
        .created_at = project.created_at,
    };
}

HttpResponse ProjectHandler::refused(ProjectVerdict verdict) const
{
    switch (verdict) {
    case ProjectVerdict::done:
        break;
    case ProjectVerdict::not_found:
        return error(k_project_not_found);
    case ProjectVerdict::not_a_member:
        return error(k_not_a_member);
    case ProjectVerdict::role_not_sufficient:
        return error(k_role_not_sufficient);
    case ProjectVerdict::id_taken:
        return error(k_project_id_taken);
    case ProjectVerdict::label_taken:
        return error(k_site_label_taken);
    case ProjectVerdict::deployment_in_progress:
        return error(k_deployment_in_progress, k_no_deletion_now);
    }
    throw std::logic_error{"what was done is not refused"};
}

HttpResponse OneProjectHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const std::string id{request.segment(1)};
    if (id_problem(id)) {
        return error(k_invalid_id, k_invalid_project_id);
    }
    return answer_for(id, request, requester_of(request, caller));
}

}  // namespace libra
