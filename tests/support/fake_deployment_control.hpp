#pragma once

#include "shared/storage/deployment_control.hpp"

#include <string>
#include <vector>

namespace libra::testing {

/// Answers what it is told to, and keeps what it was asked.
class FakeDeploymentControl final : public DeploymentControl {
public:
    struct Call {
        Credential credential{};
        std::string deployment_id{};
        std::string request_id{};
    };

    Result<CancelVerdict> cancel(
        const Credential& credential,
        const std::string& deployment_id,
        const std::string& request_id
    ) override
    {
        calls.push_back({credential, deployment_id, request_id});
        return verdict;
    }

    Result<QueuePlace>
    place(const Credential& credential, const std::string& deployment_id) override
    {
        calls.push_back({credential, deployment_id, {}});
        return queue_place;
    }

    Result<CancelVerdict> verdict{CancelVerdict::cancelled};
    Result<QueuePlace> queue_place{QueuePlace{}};
    std::vector<Call> calls{};
};

}  // namespace libra::testing
