#pragma once

#include "shared/storage/database.hpp"

namespace libra::testing {

class FakeDatabaseProbe final : public DatabaseProbe {
public:
    Result<void> ping(std::chrono::milliseconds timeout) override
    {
        last_timeout = timeout;
        return answer;
    }

    Result<void> answer{};
    std::chrono::milliseconds last_timeout{};
};

}  // namespace libra::testing
