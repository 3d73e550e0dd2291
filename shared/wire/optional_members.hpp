#pragma once

#include "shared/base/clock.hpp"
#include "shared/wire/json_writer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// @file Members of an object that are absent where there is nothing to say.

namespace libra {

inline void
write_optional(JsonWriter& json, std::string_view key, const std::optional<std::string>& value)
{
    if (value) {
        json.key(key).text(*value);
    }
}

inline void
write_optional(JsonWriter& json, std::string_view key, const std::optional<UtcTime>& value)
{
    if (value) {
        json.key(key).text(to_rfc3339(*value));
    }
}

inline void
write_optional(JsonWriter& json, std::string_view key, const std::optional<std::int64_t>& value)
{
    if (value) {
        json.key(key).number(*value);
    }
}

}  // namespace libra
