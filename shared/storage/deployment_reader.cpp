#include "shared/storage/deployment_reader.hpp"

#include <algorithm>

namespace libra {

StepStatuses DeploymentRecord::step_statuses() const
{
    StepStatuses statuses{};
    std::transform(steps.begin(), steps.end(), statuses.begin(), [](const StepRecord& step) {
        return step.status;
    });
    return statuses;
}

int DeploymentRecord::progress() const
{
    return progress_of(status, step_statuses());
}

}  // namespace libra
