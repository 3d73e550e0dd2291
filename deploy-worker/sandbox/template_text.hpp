#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file The files in templates/ and the values that go into them.

namespace libra {

using TemplateValues = std::vector<std::pair<std::string_view, std::string>>;

/// `text` with each `@NAME@` (capitals and `_`) replaced by the value of that name, as it is.
/// Values are not searched for placeholders again. Throws std::logic_error for a name without a
/// value.
std::string fill_template(std::string_view text, const TemplateValues& values);

/// A JSON string, with its quotes.
std::string json_string(std::string_view text);

/// A JSON array of strings.
std::string json_strings(const std::vector<std::string>& texts);

}  // namespace libra
