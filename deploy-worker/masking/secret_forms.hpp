#pragma once

#include "deploy-worker/masking/pattern_set.hpp"

#include <cstddef>
#include <string>
#include <vector>

/// @file What to look for so that a secret is not seen.

namespace libra {

inline constexpr std::size_t k_shortest_masked_bytes = 4;

/// The patterns of all secrets, for a text without line ends: each value as a whole, each of its
/// lines, and both in base64, in either alphabet and however the bytes before it shift it. Long
/// ones are looked for in pieces of 64 bytes, so that what has to be held back stays short. Values
/// and lines under four bytes are left out: to mask every `1` helps nobody.
PatternSet patterns_of(const std::vector<std::string>& secrets);

}  // namespace libra
