#include "api-gateway/deployments/deploy_handler.hpp"

#include "api-gateway/api/body_refused.hpp"
#include "api-gateway/api/dependency_failed.hpp"
#include "api-gateway/api/enqueue_span.hpp"
#include "api-gateway/api/json_response.hpp"
#include "api-gateway/auth/credential_header.hpp"
#include "api-gateway/deployments/content_offload.hpp"
#include "api-gateway/deployments/errors.hpp"
#include "api-gateway/deployments/idempotency_key.hpp"
#include "api-gateway/limits/request_rates.hpp"
#include "shared/wire/answers.hpp"
#include "shared/wire/upload_bodies.hpp"

#include <stdexcept>
#include <utility>

namespace libra {

namespace {

/// Of an admission that has a rate.
RateReading reading_of(const Admission& admission)
{
    constexpr std::chrono::minutes k_window{1};
    const DeployRate& rate = *admission.rate;
    const bool accepted = admission.verdict == AdmissionVerdict::accepted;
    return {
        .allowed = admission.verdict != AdmissionVerdict::rate_limited,
        .limit = rate.limit,
        .remaining = rate.limit - rate.accepted - (accepted ? 1 : 0),
        .until_full = accepted ? k_window : rate.oldest_ends_in,
        .until_next = rate.oldest_ends_in};
}

}  // namespace

DeployHandler::DeployHandler(Parts parts, Log log) : parts_{std::move(parts)}, log_{std::move(log)}
{
}

HttpResponse DeployHandler::handle(const HttpRequest& request)
{
    const std::optional<Credential> credential = read_credential(request);
    if (!credential) {
        return error(k_unauthenticated);
    }
    const IdempotencyKey key = read_idempotency_key(request);
    ParsedRequest parsed = parse_deploy_request(request.body, parts_.limits);
    auto* const params = std::get_if<DeploymentParams>(&parsed);
    if (!key.valid || params == nullptr || has_large_contents(*params)) {
        const Result<Principal> principal = parts_.admissions.authenticate(*credential);
        if (!principal) {
            return failed(principal.error(), request);
        }
    }
    if (!key.valid) {
        return error(k_invalid_idempotency_key);
    }
    if (params == nullptr) {
        return refuse_body(parsed);
    }
    if (parts_.storage_full()) {
        return error(k_storage_full);
    }
    if (const Result<void> stored = offload_contents(*params, parts_.objects); !stored) {
        return failed(stored.error(), request);
    }
    return admit(
        *credential,
        {.id = new_id(parts_.random),
         .project_id = params->project_id,
         .org_id = params->org_id,
         .user_id = params->user_id,
         .params_json = encode_params(*params),
         .request_id = request.request_id,
         .on_conflict = params->on_conflict,
         .idempotency_key = key.key,
         .has_uploads = params->has_uploads(),
         .trace = span_below(request.trace, parts_.random)},
        *params,
        request
    );
}

HttpResponse DeployHandler::refuse_body(const ParsedRequest& parsed)
{
    const UtcTime now = parts_.clock.utc_now();
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now);
    }
    return body_refused(std::get<Problems>(parsed), now);
}

HttpResponse DeployHandler::admit(
    const Credential& credential,
    const NewDeployment& deployment,
    const DeploymentParams& params,
    const HttpRequest& request
)
{
    const Instant began = parts_.clock.now();
    const Result<Admission> admission = parts_.admissions.admit(credential, deployment);
    if (!admission) {
        return failed(admission.error(), request);
    }
    if (admission->verdict == AdmissionVerdict::missing_files) {
        return error_response(
            k_missing_files,
            parts_.clock.utc_now(),
            {},
            encode_missing_uploads(params.init_files, admission->missing)
        );
    }
    if (admission->verdict == AdmissionVerdict::accepted && !admission->earlier_deployment) {
        tell_enqueued(parts_.spans, deployment.trace, deployment.id, {began, parts_.clock.now()});
    }
    HttpResponse response = admission->verdict == AdmissionVerdict::accepted
                                ? accept(*admission, deployment)
                                : refuse(*admission);
    if (admission->rate) {
        add_rate_headers(response, reading_of(*admission));
    }
    return response;
}

HttpResponse DeployHandler::refuse(const Admission& admission)
{
    switch (admission.verdict) {
    case AdmissionVerdict::unauthenticated:
        return error(k_unauthenticated);
    case AdmissionVerdict::missing_scope:
        return error(k_missing_scope);
    case AdmissionVerdict::not_the_caller:
        return error(k_not_the_caller);
    case AdmissionVerdict::not_a_member:
        return error(k_not_a_member);
    case AdmissionVerdict::role_may_not_deploy:
        return error(k_role_may_not_deploy);
    case AdmissionVerdict::project_not_found:
        return error(k_project_not_found);
    case AdmissionVerdict::project_inactive:
        return error(k_project_inactive);
    case AdmissionVerdict::deployment_in_progress:
        return error_response(
            k_deployment_in_progress,
            parts_.clock.utc_now(),
            {},
            encode_blocking_deployment(admission.blocking_deployment)
        );
    case AdmissionVerdict::rate_limited:
        return error(k_rate_limited, k_too_many_deployments);
    case AdmissionVerdict::outbox_full:
        return error(k_queue_full);
    case AdmissionVerdict::key_reused:
        return error(k_idempotency_key_reused);
    case AdmissionVerdict::accepted:
    case AdmissionVerdict::missing_files:
        break;
    }
    throw std::logic_error{"this verdict is no refusal, or has an answer of its own"};
}

HttpResponse DeployHandler::accept(const Admission& admission, const NewDeployment& deployment)
{
    const std::string id = admission.earlier_deployment.value_or(deployment.id);
    parts_.wake_relay();
    log_.info(
        id == deployment.id ? "deployment accepted" : "deployment accepted before",
        {{"request_id", deployment.request_id},
         {"deployment_id", id},
         {"project_id", deployment.project_id},
         {"trace_id", deployment.trace.trace_id}}
    );
    HttpResponse response = json_response(202, encode_accepted(id, admission.accepted_at));
    response.headers.emplace_back("Location", "/deploy-status?id=" + id);
    return response;
}

HttpResponse DeployHandler::error(const ErrorKind& kind, std::string_view message)
{
    return error_response(kind, parts_.clock.utc_now(), message);
}

HttpResponse DeployHandler::failed(const Error& error_found, const HttpRequest& request)
{
    if (error_found.code == Errc::unauthenticated) {
        return error(k_unauthenticated);
    }
    return dependency_failed(error_found, request, parts_.clock.utc_now(), log_);
}

}  // namespace libra
