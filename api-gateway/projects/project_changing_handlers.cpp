#include "api-gateway/projects/project_changing_handlers.hpp"

#include "api-gateway/api/body_refused.hpp"
#include "api-gateway/api/json_response.hpp"

namespace libra {

HttpResponse ProjectCreateHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const auto parsed = parse_new_project(request.body);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    const Result<ProjectChange> created =
        create(std::get<NewProjectRequest>(parsed), requester_of(request, caller));
    if (!created) {
        return failed(created.error(), request);
    }
    if (created->verdict != ProjectVerdict::done) {
        return refused(created->verdict);
    }
    HttpResponse response =
        json_response(201, encode_changed_project(to_answer(*created->project), now()));
    response.headers.emplace_back("Location", "/projects/" + created->project->id);
    return response;
}

Result<ProjectChange>
ProjectCreateHandler::create(const NewProjectRequest& wanted, const Requester& requester) const
{
    constexpr int k_most_tries = 4;
    constexpr std::size_t k_suffix_digits = 6;
    NewProject project{
        .id = wanted.project_id.value_or(new_id(parts().random)),
        .org_id = wanted.org_id,
        .name = wanted.name,
        .site_label = wanted.site_label.value_or(label_from(wanted.name)),
        .build = wanted.build,
        .site_template = wanted.site_template};
    Result<ProjectChange> created = parts().projects.create(requester, project);
    for (int tries = 1; tries < k_most_tries && !wanted.site_label && created &&
                        created->verdict == ProjectVerdict::label_taken;
         ++tries) {
        project.site_label =
            label_from(wanted.name) + '-' + new_id(parts().random).substr(0, k_suffix_digits);
        created = parts().projects.create(requester, project);
    }
    return created;
}

HttpResponse ProjectChangeHandler::answer_for(
    const std::string& project_id,
    const HttpRequest& request,
    const Requester& requester
)
{
    const auto parsed = parse_project_changes(request.body);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    const auto& wanted = std::get<ProjectChangesRequest>(parsed);
    const Result<ProjectChange> changed = parts().projects.change(
        requester,
        project_id,
        {.name = wanted.name,
         .active = wanted.active,
         .build = wanted.build,
         .site_template = wanted.site_template}
    );
    if (!changed) {
        return failed(changed.error(), request);
    }
    if (changed->verdict != ProjectVerdict::done) {
        return refused(changed->verdict);
    }
    return json_response(200, encode_changed_project(to_answer(*changed->project), now()));
}

HttpResponse ProjectDeleteHandler::answer_for(
    const std::string& project_id,
    const HttpRequest& request,
    const Requester& requester
)
{
    const Result<ProjectVerdict> deleted = parts().projects.remove(requester, project_id);
    if (!deleted) {
        return failed(deleted.error(), request);
    }
    if (*deleted != ProjectVerdict::done) {
        return refused(*deleted);
    }
    return json_response(
        200,
        encode_deleted_project(
            project_id, "The project is deleted; its site is being taken down.", now()
        )
    );
}

}  // namespace libra
