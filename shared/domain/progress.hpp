#pragma once

#include "shared/domain/deployment.hpp"

#include <array>
#include <optional>

/// @file How far a deployment is. Pure functions.

namespace libra {

/// In the order of k_steps.
using StepStatuses = std::array<StepStatus, k_steps.size()>;

/// 0 to 100: the share of completed steps; 100 exactly when the deployment is completed.
int progress_of(DeploymentStatus status, const StepStatuses& steps);

/// The step at work, else the one that failed, else the last one begun. Nothing while the
/// deployment waits and once it is completed.
std::optional<StepName> current_step_of(DeploymentStatus status, const StepStatuses& steps);

}  // namespace libra
