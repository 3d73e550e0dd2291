#pragma once

#include "shared/storage/deployment_history.hpp"
#include "shared/wire/history_answers.hpp"

/// @file From what the store tells to what a client is told.

namespace libra {

DeploymentAnswer to_answer(const DeploymentSummary& deployment);
ArtifactAnswer to_answer(const ArtifactRecord& artifact);
DeploymentDetailAnswer to_answer(const DeploymentHistory& deployment);

}  // namespace libra
