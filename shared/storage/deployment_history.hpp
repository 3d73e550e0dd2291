#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/digest.hpp"
#include "shared/domain/failure.hpp"
#include "shared/domain/progress.hpp"
#include "shared/storage/attempt_record.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// @file What is told of a deployment, in short and in full.

namespace libra {

struct DeploymentSummary {
    std::string id{};
    std::string project_id{};
    std::string org_id{};
    std::string user_id{};
    DeploymentStatus status{DeploymentStatus::queued};
    StepStatuses steps{};
    std::optional<FailureClass> failure_class{};
    std::optional<std::string> error_code{};
    std::optional<std::string> error{};
    std::optional<std::string> url{};
    std::optional<std::string> preview_url{};
    bool live{};
    DeploymentKind kind{DeploymentKind::deploy};
    std::optional<std::string> source_id{};  // the deployment it was made from
    UtcTime created_at{};
    std::optional<UtcTime> started_at{};
    std::optional<UtcTime> finished_at{};
};

struct StepHistory {
    StepStatus status{StepStatus::pending};
    std::optional<UtcTime> started_at{};
    std::optional<UtcTime> finished_at{};
    std::optional<int> attempt{};
    std::optional<std::string> error{};
};

struct ArtifactRecord {
    std::string digest{};  // SHA-256 in hex
    std::int64_t files{};
    std::int64_t bytes{};
    std::optional<Digest> manifest{};  // in the object store; of older ones it is not known
};

struct DeploymentHistory {
    DeploymentSummary summary{};
    std::int64_t generation{};
    std::vector<AttemptRecord> attempts{};            // oldest first
    std::array<StepHistory, k_steps.size()> steps{};  // in the order of k_steps
    std::optional<ArtifactRecord> artifact{};
    std::optional<std::string> failure_report{};  // JSON; of a failed one
    std::optional<std::string> build{};           // how the site was made, as JSON
};

}  // namespace libra
