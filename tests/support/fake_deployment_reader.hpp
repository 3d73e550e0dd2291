#pragma once

#include "shared/storage/deployment_reader.hpp"

#include <vector>

namespace libra::testing {

/// Answers the same for every id, and keeps the ids.
class FakeDeploymentReader final : public DeploymentReader {
public:
    Result<DeploymentRecord> find(const std::string& deployment_id) override
    {
        asked.push_back(deployment_id);
        return answer;
    }

    Result<DeploymentRecord> answer{DeploymentRecord{}};
    std::vector<std::string> asked{};
};

}  // namespace libra::testing
