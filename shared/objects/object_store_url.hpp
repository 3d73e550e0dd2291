#pragma once

#include "shared/base/result.hpp"

#include <filesystem>
#include <string_view>

/// @file OBJECT_STORE_URL, taken apart.

namespace libra {

/// @return the absolute directory that `file:///path` names (the path may be percent-encoded);
///         `invalid_input` for anything else, saying what would be accepted.
Result<std::filesystem::path> object_store_directory(std::string_view url);

}  // namespace libra
