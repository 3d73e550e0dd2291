#pragma once

#include "shared/storage/admission_store.hpp"

#include <vector>

namespace libra::testing {

/// Answers what it is told to, and keeps what it was asked.
class FakeAdmissionStore final : public AdmissionStore {
public:
    Result<Principal> authenticate(const Credential& credential) override
    {
        authenticated.push_back(credential);
        return principal;
    }

    Result<Admission> admit(const Credential& credential, const NewDeployment& deployment) override
    {
        admitted_for.push_back(credential);
        admitted.push_back(deployment);
        return admission;
    }

    Result<Principal> principal{Principal{.user_id = "user-1"}};
    Result<Admission> admission{Admission{.verdict = AdmissionVerdict::accepted}};
    std::vector<Credential> authenticated{};
    std::vector<Credential> admitted_for{};
    std::vector<NewDeployment> admitted{};
};

}  // namespace libra::testing
