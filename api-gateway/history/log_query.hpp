#pragma once

#include "shared/domain/deployment.hpp"
#include "shared/http/message.hpp"
#include "shared/wire/problem.hpp"

#include <cstdint>
#include <optional>
#include <variant>

/// @file What queries of GET /deployments/{id}/logs say. Pure.

namespace libra {

struct LogQuery {
    std::optional<StepName> step{};
    std::int64_t after{};
    std::optional<std::int64_t> limit{};
};

/// `step`, `after` and `limit` (1 to 10,000). Every bad parameter is named.
std::variant<LogQuery, Problems> parse_log_query(const HttpRequest& request);

}  // namespace libra
