#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// @file What webhooks may be. Problems are told as those of shared/domain/rules.hpp.

namespace libra {

/// What a webhook can be told of. Source: the function `tell` of the database.
inline constexpr std::array<std::string_view, 4> k_webhook_events{
    "deployment.started",
    "deployment.completed",
    "deployment.failed",
    "deployment.cancelled"};

inline constexpr std::size_t k_max_webhook_url_bytes = 2048;

/// An http or https URL with a host, and without user, password or fragment. Where it leads is
/// looked at when a message is sent.
std::optional<std::string> webhook_url_problem(std::string_view url);

}  // namespace libra
