#include "shared/domain/progress.hpp"

#include <algorithm>
#include <cstddef>

namespace libra {

int progress_of(DeploymentStatus status, const StepStatuses& steps)
{
    if (status == DeploymentStatus::completed) {
        return 100;
    }
    const auto done = std::count(steps.begin(), steps.end(), StepStatus::completed);
    constexpr int k_most_before_the_end = 99;
    return std::min(
        static_cast<int>(done) * 100 / static_cast<int>(steps.size()), k_most_before_the_end
    );
}

std::optional<StepName> current_step_of(DeploymentStatus status, const StepStatuses& steps)
{
    if (status == DeploymentStatus::queued || status == DeploymentStatus::completed) {
        return std::nullopt;
    }
    std::optional<StepName> last_begun;
    std::optional<StepName> failed;
    for (std::size_t index = 0; index < steps.size(); ++index) {
        const StepStatus step = steps.at(index);
        if (step == StepStatus::in_progress) {
            return k_steps.at(index);
        }
        if (step == StepStatus::failed && !failed) {
            failed = k_steps.at(index);
        }
        if (step != StepStatus::pending) {
            last_begun = k_steps.at(index);
        }
    }
    return failed ? failed : last_begun;
}

}  // namespace libra
