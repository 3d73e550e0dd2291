#pragma once

#include <optional>
#include <string_view>

/// @file The header `traceparent` of W3C Trace Context.

namespace libra {

/// @return the id of the trace, 32 hex digits, in the memory of `header`; nothing unless all of it
/// is valid. Of versions yet to come only what version 00 has is looked at, as the standard says.
std::optional<std::string_view> trace_id_of(std::string_view header);

}  // namespace libra
