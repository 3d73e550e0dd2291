#pragma once

#include "shared/domain/failure.hpp"

#include <string>
#include <vector>

namespace libra {

/// A failure and its report as people read them: the last lines of the build's log.
std::vector<std::string> report_lines(const Failure& failure);

}  // namespace libra
