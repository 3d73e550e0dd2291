#include "api-gateway/deployments/deployment_status_handler.hpp"

#include "api-gateway/api/dependency_failed.hpp"
#include "api-gateway/api/errors.hpp"
#include "api-gateway/api/json_response.hpp"
#include "api-gateway/deployments/errors.hpp"
#include "shared/domain/rules.hpp"
#include "shared/wire/answers.hpp"

#include <utility>

namespace libra {

namespace {

StatusAnswer to_answer(const DeploymentRecord& record)
{
    StatusAnswer answer{
        .deployment_id = record.id,
        .status = record.status,
        .current_step = record.current_step,
        .progress = record.progress(),
        .logs = record.milestones,
        .error = record.error,
        .url = record.url,
        .timestamp = record.updated_at,
    };
    for (std::size_t i = 0; i < answer.steps.size(); ++i) {
        const StepRecord& step = record.steps.at(i);
        answer.steps.at(i) = {step.status, step.timestamp, step.error};
    }
    return answer;
}

}  // namespace

DeploymentStatusHandler::DeploymentStatusHandler(
    DeploymentReader& deployments,
    Clock& clock,
    Log log
)
    : deployments_{deployments}, clock_{clock}, log_{std::move(log)}
{
}

HttpResponse DeploymentStatusHandler::handle(const HttpRequest& request)
{
    // Our ids are 32 hex digits, but an id of any well-formed shape may be unknown.
    const std::optional<std::string_view> id = request.parameter("id");
    if (!id || id_problem(*id)) {
        return error_response(k_invalid_id, clock_.utc_now());
    }
    const Result<DeploymentRecord> record = deployments_.find(std::string{*id});
    if (!record && record.error().code == Errc::not_found) {
        return error_response(k_deployment_not_found, clock_.utc_now());
    }
    if (!record) {
        return dependency_failed(record.error(), request, clock_.utc_now(), log_);
    }
    return json_response(200, encode_status(to_answer(*record)));
}

}  // namespace libra
