#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// @file Bytes from strangers made fit to be stored and shown.

namespace libra {

/// Bytes in the well-formed UTF-8 sequence at the start of `text`; 0 if there is none.
/// Source: Unicode 15, table 3-7.
std::size_t utf8_length(std::string_view text);

/// Whether `text` is well-formed UTF-8 from start to end.
bool is_utf8(std::string_view text);

/// `text` without terminal control sequences: colours, cursor movement, titles (ECMA-48: CSI, OSC,
/// else two bytes). One that does not end takes the rest of the text with it.
std::string without_escapes(std::string_view text);

/// `text` with U+FFFD for every byte that is not UTF-8 and for every control character but tab and
/// escape.
std::string printable_utf8(std::string_view text);

/// `text` with a byte for each `%` and two hex digits, as in URLs. @return nothing where a `%` has
/// no such digits.
std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace libra
