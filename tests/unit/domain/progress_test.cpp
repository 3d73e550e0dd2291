#include "shared/domain/progress.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using enum StepStatus;

TEST_CASE("a deployment is as far as the share of its completed steps")
{
    CHECK(progress_of(DeploymentStatus::queued, {}) == 0);
    CHECK(progress_of(DeploymentStatus::in_progress, {completed, completed, in_progress}) == 33);
}

TEST_CASE("a deployment is wholly done exactly when it is completed")
{
    const StepStatuses all{completed, completed, completed, completed, completed, completed};

    CHECK(progress_of(DeploymentStatus::failed, all) == 99);
    CHECK(progress_of(DeploymentStatus::completed, {}) == 100);
}

TEST_CASE("the current step is the one at work, else the failed one, else the last one begun")
{
    const auto current = [](const StepStatuses& steps) {
        return current_step_of(DeploymentStatus::in_progress, steps);
    };

    CHECK(current({completed, in_progress}) == StepName::sync);
    CHECK(current({completed, failed, pending, pending, pending, completed}) == StepName::sync);
    CHECK(
        current({completed, failed, pending, pending, pending, in_progress}) == StepName::cleanup
    );
    CHECK(current({completed, completed}) == StepName::sync);
    CHECK_FALSE(current({}));
}

TEST_CASE("a deployment that waits or is completed is in no step")
{
    CHECK_FALSE(current_step_of(DeploymentStatus::queued, {completed, failed}));
    CHECK_FALSE(current_step_of(DeploymentStatus::completed, {completed, completed}));
}

}  // namespace
}  // namespace libra
