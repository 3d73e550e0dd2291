#pragma once

#include <string>

namespace libra {

/// What this machine, or container, calls itself; `unknown` where it has no name.
std::string host_name();

}  // namespace libra
