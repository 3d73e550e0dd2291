#include "api-gateway/projects/project_reading_handlers.hpp"

#include "api-gateway/api/json_response.hpp"
#include "api-gateway/api/query_reader.hpp"
#include "shared/wire/answers.hpp"

#include <utility>

namespace libra {

HttpResponse ProjectListHandler::answer(const HttpRequest& request, const Principal& caller)
{
    constexpr int k_usual_limit = 50;
    QueryReader reader{request};
    const std::optional<std::string> org_id = reader.id("orgId");
    const std::optional<std::string> after = reader.id("cursor");
    const int limit = reader.limit(k_usual_limit);
    if (const Problems problems = std::move(reader).finish(); !problems.empty()) {
        return error_response(
            k_validation_failed, now(), k_invalid_query, encode_problems(problems)
        );
    }
    const Result<ProjectPage> page =
        parts().projects.list(requester_of(request, caller), org_id, after, limit);
    if (!page) {
        return failed(page.error(), request, k_organization_not_found);
    }
    ProjectsAnswer answer{.next_cursor = page->next, .timestamp = now()};
    for (const ProjectRecord& project : page->projects) {
        answer.projects.push_back(to_answer(project));
    }
    return json_response(200, encode_projects(answer));
}

HttpResponse ProjectDetailHandler::answer_for(
    const std::string& project_id,
    const HttpRequest& request,
    const Requester& requester
)
{
    const Result<ProjectRecord> project = parts().projects.find(requester, project_id);
    if (!project) {
        return failed(project.error(), request, k_project_not_found);
    }
    return json_response(200, encode_project(to_answer(*project), now()));
}

}  // namespace libra
