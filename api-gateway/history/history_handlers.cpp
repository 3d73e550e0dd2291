#include "api-gateway/history/history_handlers.hpp"

#include "api-gateway/api/json_response.hpp"
#include "api-gateway/history/deployment_answer.hpp"
#include "api-gateway/history/history_query.hpp"
#include "shared/wire/answers.hpp"

namespace libra {

HttpResponse DeploymentListHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const auto parsed = parse_deployments_query(request);
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return error_response(
            k_validation_failed, now(), k_invalid_query, encode_problems(*problems)
        );
    }
    const auto& query = std::get<DeploymentsQuery>(parsed);
    const Result<HistoryPage> page =
        history().list(reader_of(caller), query.filter, query.before, query.limit);
    if (!page) {
        return failed(
            page.error(),
            request,
            query.filter.project_id ? k_project_not_found : k_organization_not_found
        );
    }
    DeploymentsAnswer answer{.timestamp = now()};
    for (const DeploymentSummary& deployment : page->deployments) {
        answer.deployments.push_back(to_answer(deployment));
    }
    if (page->next) {
        answer.next_cursor = to_cursor(*page->next);
    }
    return json_response(200, encode_deployments(answer));
}

HttpResponse DeploymentDetailHandler::answer_for(
    const std::string& deployment_id,
    const HttpRequest& request,
    const Reader& reader
)
{
    const Result<DeploymentHistory> deployment = history().find(reader, deployment_id);
    if (!deployment) {
        return failed(deployment.error(), request, k_deployment_not_found);
    }
    return json_response(200, encode_deployment(to_answer(*deployment)));
}

}  // namespace libra
