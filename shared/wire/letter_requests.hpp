#pragma once

#include "shared/domain/failure.hpp"
#include "shared/wire/problem.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// @file The bodies of POST /dlq/requeue and DELETE /dlq/{id}. Pure functions.
///
/// Source of the rules: proto-schemas/redrive-request.json and discard-request.json.

namespace libra {

/// Which dead letters; what is absent matches all.
struct RedriveRequest {
    std::optional<FailureClass> failure_class{};
    std::optional<std::string> project_id{};
    std::optional<std::string> org_id{};

    bool operator==(const RedriveRequest&) const = default;
};

std::variant<RedriveRequest, Problems, Unreadable> parse_redrive_request(std::string_view body);

struct DiscardRequest {
    std::string reason{};
};

std::variant<DiscardRequest, Problems, Unreadable> parse_discard_request(std::string_view body);

}  // namespace libra
