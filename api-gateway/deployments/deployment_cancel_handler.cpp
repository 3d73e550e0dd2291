#include "api-gateway/deployments/deployment_cancel_handler.hpp"

#include "api-gateway/api/dependency_failed.hpp"
#include "api-gateway/api/errors.hpp"
#include "api-gateway/api/json_response.hpp"
#include "api-gateway/auth/credential_header.hpp"
#include "api-gateway/deployments/errors.hpp"
#include "shared/domain/rules.hpp"
#include "shared/wire/control_answers.hpp"

#include <utility>

namespace libra {

DeploymentCancelHandler::DeploymentCancelHandler(DeploymentControl& control, Clock& clock, Log log)
    : control_{control}, clock_{clock}, log_{std::move(log)}
{
}

HttpResponse DeploymentCancelHandler::handle(const HttpRequest& request)
{
    const std::optional<Credential> credential = read_credential(request);
    if (!credential) {
        return error_response(k_unauthenticated, clock_.utc_now());
    }
    const std::string id{request.segment(1)};
    if (id_problem(id)) {
        return error_response(k_invalid_id, clock_.utc_now(), k_invalid_id_in_path);
    }
    const Result<CancelVerdict> verdict = control_.cancel(*credential, id, request.request_id);
    if (!verdict) {
        return dependency_failed(verdict.error(), request, clock_.utc_now(), log_);
    }
    return answer(*verdict, id);
}

HttpResponse
DeploymentCancelHandler::answer(CancelVerdict verdict, const std::string& deployment_id)
{
    const UtcTime now = clock_.utc_now();
    switch (verdict) {
    case CancelVerdict::cancelled:
    case CancelVerdict::cancelling:
        break;
    case CancelVerdict::live:
        return error_response(k_deployment_live, now);
    case CancelVerdict::finished:
        return error_response(k_deployment_finished, now);
    case CancelVerdict::unauthenticated:
        return error_response(k_unauthenticated, now);
    case CancelVerdict::missing_scope:
        return error_response(k_missing_scope, now);
    case CancelVerdict::not_found:
        return error_response(k_deployment_not_found, now);
    case CancelVerdict::role_may_not_deploy:
        return error_response(k_role_may_not_deploy, now);
    }
    const CancelAnswer done{
        .deployment_id = deployment_id,
        .stopping = verdict == CancelVerdict::cancelling,
        .timestamp = now,
    };
    return json_response(done.stopping ? 202 : 200, encode_cancel(done));
}

}  // namespace libra
