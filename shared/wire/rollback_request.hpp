#pragma once

#include "shared/wire/problem.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// @file The body of POST /projects/{id}/rollback. Pure functions.
///
/// Source of the rules: proto-schemas/rollback-request.json.

namespace libra {

struct RollbackRequest {
    std::optional<std::string> deployment_id{};  // nothing: what was live before

    bool operator==(const RollbackRequest&) const = default;
};

std::variant<RollbackRequest, Problems, Unreadable> parse_rollback_request(std::string_view body);

}  // namespace libra
