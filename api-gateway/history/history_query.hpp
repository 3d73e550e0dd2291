#pragma once

#include "shared/http/message.hpp"
#include "shared/storage/history_store.hpp"
#include "shared/wire/problem.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// @file What queries of GET /deployments say. Pure.

namespace libra {

struct DeploymentsQuery {
    HistoryFilter filter{};
    std::optional<HistoryPosition> before{};
    int limit{};
};

/// `projectId`, `orgId`, `status`, `limit` (50) and `cursor`. Every bad parameter is named, as
/// `/query/limit` and so on.
std::variant<DeploymentsQuery, Problems> parse_deployments_query(const HttpRequest& request);

/// A position as clients carry it to the next request, and back.
std::string to_cursor(const HistoryPosition& position);
std::optional<HistoryPosition> parse_cursor(std::string_view cursor);

}  // namespace libra
