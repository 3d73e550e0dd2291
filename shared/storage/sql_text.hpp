#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// @file Values in the forms PostgreSQL reads, as pure functions.

namespace libra {

/// Text that a `text` column takes: every NUL and every byte that is not part of valid UTF-8
/// becomes U+FFFD. (libpqxx would silently end a parameter at the first NUL.)
std::string database_text(std::string_view text);

/// The input form of `text[]`. The items pass `database_text`.
std::string text_array(const std::vector<std::string_view>& items);

/// The input form of `bigint[]`.
std::string bigint_array(const std::vector<std::int64_t>& items);

}  // namespace libra
