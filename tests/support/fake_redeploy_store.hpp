#pragma once

#include "shared/storage/redeploy_store.hpp"

#include <vector>

namespace libra::testing {

/// Answers what it is told to, and keeps what it was asked.
class FakeRedeployStore final : public RedeployStore {
public:
    Result<RedeployAnswer> redeploy(const Redeployment& wanted) override
    {
        asked.push_back(wanted);
        return answer;
    }

    Result<RedeployAnswer> answer{RedeployAnswer{.verdict = RedeployVerdict::accepted}};
    std::vector<Redeployment> asked{};
};

}  // namespace libra::testing
