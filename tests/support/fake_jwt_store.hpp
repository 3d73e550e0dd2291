#pragma once

#include "shared/storage/jwt_store.hpp"

#include <optional>
#include <vector>

namespace libra::testing {

/// Keeps what is noted.
class FakeJwtStore final : public JwtStore {
public:
    std::optional<Error> trouble{};
    std::vector<AdmittedJwt> noted{};

    Result<void> note(const AdmittedJwt& jwt) override
    {
        if (trouble) {
            return *trouble;
        }
        noted.push_back(jwt);
        return {};
    }
};

}  // namespace libra::testing
