#pragma once

#include <string_view>

namespace libra {

/// Whether a Content-Type says JSON in UTF-8: `application/json`, with `charset=utf-8` or without.
bool is_json(std::string_view content_type);

}  // namespace libra
