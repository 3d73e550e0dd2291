#pragma once

#include "shared/base/clock.hpp"

#include <optional>
#include <string>

namespace libra {

class JsonWriter;

/// One time a worker took a deployment up.
struct AttemptAnswer {
    int number{};
    std::string worker{};
    UtcTime started_at{};
    std::optional<UtcTime> ended_at{};
    std::optional<std::string> outcome{};
    std::optional<std::string> step{};
    std::optional<std::string> failure_class{};
    std::optional<std::string> error_code{};
    std::optional<std::string> error{};
};

void write_attempt(JsonWriter& json, const AttemptAnswer& attempt);

}  // namespace libra
