#pragma once

#include "api-gateway/http/message.hpp"
#include "shared/storage/redrive_store.hpp"
#include "shared/wire/problem.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

/// @file What paths and queries of /dlq say. Pure functions.

namespace libra {

/// @return nothing unless `text` is a positive whole number of at most 63 bits.
std::optional<std::int64_t> parse_letter_id(std::string_view text);

struct LetterQuery {
    LetterFilter filter{};
    std::optional<std::int64_t> before{};
    int limit{};
};

/// `state` (open unless given), `class`, `projectId`, `orgId`, `limit` (50) and `cursor`. Unknown
/// parameters are ignored; of the others every bad one is named, as `/query/limit` and so on.
std::variant<LetterQuery, Problems> parse_letter_query(const HttpRequest& request);

}  // namespace libra
