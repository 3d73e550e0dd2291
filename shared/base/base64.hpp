#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace libra {

/// RFC 4648, section 4, with padding and in one line.
std::string to_base64(std::string_view bytes);

/// RFC 4648, section 5 (`-` and `_`), without padding.
std::string to_base64url(std::string_view bytes);

/// The bytes again. @return nothing for any other text.
std::optional<std::string> from_base64(std::string_view text);

/// The same of what `to_base64url` makes: a sequence of bytes has one form, and no other is read.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace libra
