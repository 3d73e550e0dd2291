#include "api-gateway/deployments/deployment_queue_handler.hpp"

#include "api-gateway/api/dependency_failed.hpp"
#include "api-gateway/api/errors.hpp"
#include "api-gateway/api/json_response.hpp"
#include "api-gateway/auth/credential_header.hpp"
#include "api-gateway/deployments/errors.hpp"
#include "shared/domain/rules.hpp"
#include "shared/wire/control_answers.hpp"

#include <fmt/format.h>

#include <utility>

namespace libra {

namespace {

/// The cause that has to go away first.
QueueBlock block_of(const QueuePlace& place)
{
    if (place.held_by) {
        return {
            .reason = "project",
            .deployment_id = place.held_by,
            .message = fmt::format(
                "It starts when deployment {} of the same project has ended.", *place.held_by
            )};
    }
    if (place.organization_full) {
        return {
            .reason = "organization_limit",
            .message = "As many deployments of this organisation run as may run at once; it starts "
                       "when one of them has ended."};
    }
    if (place.fleet_full) {
        return {
            .reason = "fleet_limit",
            .message = "As many deployments run as may run at once; it starts when one of them has "
                       "ended."};
    }
    if (place.retry_at) {
        return {
            .reason = "retry",
            .retry_at = place.retry_at,
            .message = "Its last attempt failed for a passing reason; it waits for the next one."};
    }
    if (place.ahead > 0) {
        return {
            .reason = "queue",
            .message = place.ahead == 1
                           ? "One deployment is before it."
                           : fmt::format("{} deployments are before it.", place.ahead)};
    }
    return {.reason = "none", .message = "It is next and starts as soon as a worker is free."};
}

}  // namespace

DeploymentQueueHandler::DeploymentQueueHandler(DeploymentControl& control, Clock& clock, Log log)
    : control_{control}, clock_{clock}, log_{std::move(log)}
{
}

HttpResponse DeploymentQueueHandler::handle(const HttpRequest& request)
{
    const std::optional<Credential> credential = read_credential(request);
    if (!credential) {
        return error_response(k_unauthenticated, clock_.utc_now());
    }
    const std::string id{request.segment(1)};
    if (id_problem(id)) {
        return error_response(k_invalid_id, clock_.utc_now(), k_invalid_id_in_path);
    }
    const Result<QueuePlace> place = control_.place(*credential, id);
    if (!place) {
        return failed(place.error(), request);
    }
    const QueueAnswer answer{
        .deployment_id = id,
        .status = place->status,
        .ahead = place->ahead,
        .running = place->running,
        .capacity = place->capacity,
        .estimated_start = place->estimated_start,
        .blocked_by = block_of(*place),
        .timestamp = clock_.utc_now(),
    };
    return json_response(200, encode_queue_place(answer));
}

HttpResponse DeploymentQueueHandler::failed(const Error& error, const HttpRequest& request)
{
    const UtcTime now = clock_.utc_now();
    if (error.code == Errc::unauthenticated) {
        return error_response(k_unauthenticated, now);
    }
    if (error.code == Errc::not_found) {
        return error_response(k_deployment_not_found, now);
    }
    return dependency_failed(error, request, now, log_);
}

}  // namespace libra
