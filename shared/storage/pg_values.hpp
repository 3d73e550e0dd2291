#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/digest.hpp"

#include <pqxx/binarystring>
#include <pqxx/field>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// @file Our values as libpqxx parameters and back.

namespace libra {

inline pqxx::binarystring bytea(std::string_view bytes)
{
    return {bytes.data(), bytes.size()};
}

inline pqxx::binarystring bytea(const Digest& digest)
{
    return {digest.bytes.data(), digest.bytes.size()};
}

/// Of a column that holds `floor(extract(epoch from …) * 1000)::bigint`.
inline UtcTime utc_time(const pqxx::field& milliseconds)
{
    return UtcTime{std::chrono::milliseconds{milliseconds.as<std::int64_t>()}};
}

inline std::optional<UtcTime> optional_time(const pqxx::field& milliseconds)
{
    return milliseconds.is_null() ? std::nullopt : std::optional{utc_time(milliseconds)};
}

inline std::optional<std::string> optional_text(const pqxx::field& field)
{
    return field.is_null() ? std::nullopt : std::optional{field.as<std::string>()};
}

}  // namespace libra
