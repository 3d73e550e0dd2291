#include "api-gateway/redeploy/redeploy_handlers.hpp"

#include "api-gateway/api/body_refused.hpp"
#include "api-gateway/redeploy/errors.hpp"
#include "shared/domain/rules.hpp"
#include "shared/wire/rollback_request.hpp"

namespace libra {

HttpResponse RetryHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const std::string id{request.segment(1)};
    if (id_problem(id)) {
        return error(k_invalid_id, k_invalid_id_in_path);
    }
    return accept({.kind = DeploymentKind::retry, .source_id = id}, request, caller);
}

HttpResponse PromoteHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const std::string id{request.segment(1)};
    if (id_problem(id)) {
        return error(k_invalid_id, k_invalid_id_in_path);
    }
    return accept({.kind = DeploymentKind::promote, .source_id = id}, request, caller);
}

HttpResponse RollbackHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const std::string project_id{request.segment(1)};
    if (id_problem(project_id)) {
        return error(k_invalid_id, k_invalid_project_id_in_path);
    }
    const auto parsed = parse_rollback_request(request.body);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    return accept(
        {.kind = DeploymentKind::rollback,
         .source_id = std::get<RollbackRequest>(parsed).deployment_id,
         .project_id = project_id},
        request,
        caller
    );
}

}  // namespace libra
