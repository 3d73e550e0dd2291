#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/domain/deployment.hpp"
#include "shared/domain/progress.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

/// @file What GET /deploy-status shows.

namespace libra {

struct StepRecord {
    StepStatus status{StepStatus::pending};
    std::optional<UtcTime> timestamp{};  // of its end, or of its start while it runs
    std::optional<std::string> error{};
};

struct DeploymentRecord {
    std::string id{};
    DeploymentStatus status{DeploymentStatus::queued};
    std::optional<StepName> current_step{};
    std::array<StepRecord, k_steps.size()> steps{};  // in the order of k_steps
    std::vector<std::string> milestones{};
    std::optional<std::string> error{};
    std::optional<std::string> url{};
    UtcTime updated_at{};

    StepStatuses step_statuses() const;
    int progress() const;
};

/// Thread-safe; blocks like AdmissionStore.
class DeploymentReader {
public:
    virtual ~DeploymentReader() = default;

    /// @return `not_found`, `unavailable`.
    virtual Result<DeploymentRecord> find(const std::string& deployment_id) = 0;
};

}  // namespace libra
