#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/trace_context.hpp"

#include <pqxx/array>
#include <pqxx/binarystring>
#include <pqxx/field>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

/// Of what deployments.trace has under these names; empty if that is nothing.
inline TraceContext trace_of(const pqxx::field& traceparent, const pqxx::field& tracestate)
{
    return read_trace(traceparent.as<std::string>(""), tracestate.as<std::string>(""))
        .value_or(TraceContext{});
}

inline std::string traceparent_of(const TraceContext& trace)
{
    return trace.empty() ? "" : trace.header();
}

/// Of a `text[]`; nulls in it are left out.
inline std::vector<std::string> texts_of(const pqxx::field& array)
{
    std::vector<std::string> texts;
    pqxx::array_parser parser = array.as_array();
    while (true) {
        auto [kind, text] = parser.get_next();
        if (kind == pqxx::array_parser::done) {
            return texts;
        }
        if (kind == pqxx::array_parser::string_value) {
            texts.push_back(std::move(text));
        }
    }
}

}  // namespace libra
