#include "api-gateway/history/deployment_answer.hpp"

#include "api-gateway/api/attempt.hpp"

#include <algorithm>

namespace libra {

DeploymentAnswer to_answer(const DeploymentSummary& deployment)
{
    return {
        .id = deployment.id,
        .project_id = deployment.project_id,
        .org_id = deployment.org_id,
        .user_id = deployment.user_id,
        .status = deployment.status,
        .steps = deployment.steps,
        .failure_class = deployment.failure_class,
        .error_code = deployment.error_code,
        .error = deployment.error,
        .url = deployment.url,
        .preview_url = deployment.preview_url,
        .live = deployment.live,
        .kind = deployment.kind,
        .source_id = deployment.source_id,
        .created_at = deployment.created_at,
        .started_at = deployment.started_at,
        .finished_at = deployment.finished_at,
    };
}

ArtifactAnswer to_answer(const ArtifactRecord& artifact)
{
    return {.digest = artifact.digest, .files = artifact.files, .bytes = artifact.bytes};
}

DeploymentDetailAnswer to_answer(const DeploymentHistory& deployment)
{
    DeploymentDetailAnswer answer{
        .summary = to_answer(deployment.summary),
        .generation = deployment.generation,
    };
    for (const AttemptRecord& attempt : deployment.attempts) {
        answer.attempts.push_back(to_answer(attempt));
    }
    std::transform(
        deployment.steps.begin(),
        deployment.steps.end(),
        answer.steps.begin(),
        [](const StepHistory& step) {
            return StepHistoryAnswer{
                .status = step.status,
                .started_at = step.started_at,
                .finished_at = step.finished_at,
                .attempt = step.attempt,
                .error = step.error};
        }
    );
    answer.build = deployment.build;
    if (deployment.artifact) {
        answer.artifact = to_answer(*deployment.artifact);
    }
    answer.failure_json = deployment.failure_report;
    return answer;
}

}  // namespace libra
