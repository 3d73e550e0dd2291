#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file URLs as rules compare and write them. Pure; never fails on whatever bytes.

namespace libra {

/// One way to write each path: what may stand in a path as it is (RFC 3986, `pchar` and `/`) stands
/// so, everything else is `%XX` in upper case. An escaped slash stays one; a `%` that is no escape
/// becomes `%25`. The result is printable ASCII without spaces.
std::string canonical_path(std::string_view path);

/// The bytes that the escapes stand for.
std::string unescaped(std::string_view text);

/// `text` as one part of a path or query: also `/` is escaped.
std::string escaped_part(std::string_view text);

/// A URL, or a part of one, as it may stand in a header: whatever is no visible ASCII is escaped,
/// and so are `"`, `<`, `>`, `\`, `^`, backtick, `{`, `|` and `}`. Escapes stay.
std::string header_safe(std::string_view url);

using QueryPairs = std::vector<std::pair<std::string, std::string>>;

/// Names and values of `a=1&b`, unescaped, `+` as a space.
QueryPairs query_pairs(std::string_view query);

}  // namespace libra
