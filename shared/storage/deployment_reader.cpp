#include "shared/storage/deployment_reader.hpp"

#include <algorithm>

namespace libra {

int DeploymentRecord::progress() const
{
    if (status == DeploymentStatus::completed) {
        return 100;
    }
    const auto done = std::count_if(steps.begin(), steps.end(), [](const StepRecord& step) {
        return step.status == StepStatus::completed;
    });
    constexpr int k_most_before_the_end = 99;
    return std::min(
        static_cast<int>(done) * 100 / static_cast<int>(steps.size()), k_most_before_the_end
    );
}

}  // namespace libra
