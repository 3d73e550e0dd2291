#pragma once

#include "shared/wire/problem.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// @file The bodies of POST /tokens and POST /sessions. Pure functions.
///
/// Source of the rules: proto-schemas/new-token-request.json and new-session-request.json.

namespace libra {

struct NewTokenRequest {
    std::string name{};
    std::vector<std::string> scopes{};
    std::optional<int> expires_in_days{};
    std::optional<std::string> user_id{};
    bool service{};
};

std::variant<NewTokenRequest, Problems, Unreadable> parse_new_token_request(std::string_view body);

struct NewSessionRequest {
    std::string user_id{};
    std::optional<int> expires_in_days{};
};

std::variant<NewSessionRequest, Problems, Unreadable>
parse_new_session_request(std::string_view body);

}  // namespace libra
