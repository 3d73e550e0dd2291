#include "api-gateway/redeploy/redeploy_handler.hpp"

#include "api-gateway/api/enqueue_span.hpp"
#include "api-gateway/api/json_response.hpp"
#include "api-gateway/redeploy/errors.hpp"
#include "shared/wire/answers.hpp"

#include <utility>

namespace libra {

RedeployHandler::RedeployHandler(Parts parts, Log log)
    : PrincipalHandler{{parts.admissions, parts.clock}, "deploy", std::move(log)},
      parts_{std::move(parts)}
{
}

HttpResponse
RedeployHandler::accept(const Wanted& wanted, const HttpRequest& request, const Principal& caller)
{
    // What brings a finished release back needs no room.
    if (wanted.kind == DeploymentKind::retry && parts_.storage_full()) {
        return error(k_storage_full);
    }
    const Redeployment deployment{
        .id = new_id(parts_.random),
        .kind = wanted.kind,
        .source_id = wanted.source_id,
        .project_id = wanted.project_id,
        .user_id = caller.user_id,
        .everywhere = caller.service,
        .request_id = request.request_id,
        .trace = span_below(request.trace, parts_.random)};
    const Instant began = parts_.clock.now();
    const Result<RedeployAnswer> answer = parts_.redeployments.redeploy(deployment);
    if (!answer) {
        return failed(answer.error(), request);
    }
    if (answer->verdict != RedeployVerdict::accepted) {
        return refused(*answer, wanted);
    }
    parts_.wake_relay();
    tell_enqueued(parts_.spans, deployment.trace, deployment.id, {began, parts_.clock.now()});
    log().info(
        "deployment accepted",
        {{"request_id", request.request_id},
         {"deployment_id", deployment.id},
         {"kind", std::string{to_string(deployment.kind)}},
         {"trace_id", request.trace.trace_id}}
    );
    HttpResponse response = json_response(202, encode_accepted(deployment.id, answer->accepted_at));
    response.headers.emplace_back("Location", "/deploy-status?id=" + deployment.id);
    return response;
}

HttpResponse RedeployHandler::refused(const RedeployAnswer& answer, const Wanted& wanted) const
{
    switch (answer.verdict) {
    case RedeployVerdict::accepted:
    case RedeployVerdict::not_found:
        return error(wanted.project_id ? k_project_not_found : k_deployment_not_found);
    case RedeployVerdict::role_may_not_deploy:
        return error(k_role_may_not_deploy);
    case RedeployVerdict::project_inactive:
        return error(k_project_inactive);
    case RedeployVerdict::source_not_found:
        return error(k_deployment_not_found);
    case RedeployVerdict::source_unfinished:
        return error(k_deployment_unfinished);
    case RedeployVerdict::release_gone:
        return error(k_release_gone);
    case RedeployVerdict::already_live:
        return error(k_already_live);
    case RedeployVerdict::no_earlier_release:
        return error(k_no_earlier_release);
    case RedeployVerdict::outbox_full:
        return error(k_queue_full);
    case RedeployVerdict::deployment_in_progress:
        break;
    }
    return error_response(
        k_deployment_in_progress,
        now(),
        k_wait_or_cancel,
        encode_blocking_deployment(answer.blocking_deployment)
    );
}

}  // namespace libra
