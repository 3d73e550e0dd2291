#pragma once

#include "shared/base/clock.hpp"

#include <optional>
#include <string>

namespace libra {

/// One time a worker took a deployment up.
struct AttemptRecord {
    int number{};
    std::string worker{};
    UtcTime started_at{};
    std::optional<UtcTime> ended_at{};
    std::optional<std::string> outcome{};  // retry, failed, lease_lost, handed_back, …
    std::optional<std::string> step{};
    std::optional<std::string> failure_class{};
    std::optional<std::string> error_code{};
    std::optional<std::string> error{};
};

}  // namespace libra
