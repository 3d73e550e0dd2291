#pragma once

#include <string_view>

/// @file Places where a test can make a process die. Debug builds only: in a
/// release it does nothing, whatever the environment says.

namespace libra {

/// Kills the process at once, as `kill -9` would, if LIBRA_FAILPOINT names this place.
void failpoint(std::string_view place);

}  // namespace libra
