#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <string>

namespace libra {

/// What all sandboxes of this host build with: `node v20.19.0, npm 10.8.2, x86_64`. Runs the two
/// programs, for half a second, the first time and when they have changed. Thread-safe.
/// @return `unavailable` if they cannot be run.
Result<std::string> host_toolchain(Clock& clock);

}  // namespace libra
