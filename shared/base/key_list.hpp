#pragma once

#include "shared/base/result.hpp"
#include "shared/base/secrets.hpp"

#include <string>
#include <vector>

namespace libra {

/// The keys of a setting: 32 bytes in base64 each, separated by commas. At least one.
/// @return `invalid_input` with what is wrong, in words that tell nothing of a key.
Result<std::vector<std::string>> parse_keys(const Secret& keys);

}  // namespace libra
