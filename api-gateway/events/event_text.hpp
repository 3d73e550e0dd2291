#pragma once

#include "shared/storage/event_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// @file Events as `text/event-stream` (HTML Standard, "Server-sent events"). Pure.

namespace libra {

inline constexpr std::string_view k_event_stream_type = "text/event-stream";

/// Keeps a connection alive and means nothing.
inline constexpr std::string_view k_event_comment = ":\n\n";

void append_event(std::string& out, const DeploymentEvent& event);

/// The place a Last-Event-ID names, 0 included; nothing for what is no such place.
std::optional<std::int64_t> parse_event_id(std::string_view text);

}  // namespace libra
