#pragma once

#include "shared/http/message.hpp"
#include "shared/storage/redrive_store.hpp"
#include "shared/wire/problem.hpp"

#include <cstdint>
#include <optional>
#include <variant>

/// @file What queries of /dlq say. Pure.

namespace libra {

struct LetterQuery {
    LetterFilter filter{};
    std::optional<std::int64_t> before{};
    int limit{};
};

/// `state` (open unless given), `class`, `projectId`, `orgId`, `limit` (50) and `cursor`. Every bad
/// parameter is named, as `/query/limit` and so on.
std::variant<LetterQuery, Problems> parse_letter_query(const HttpRequest& request);

}  // namespace libra
