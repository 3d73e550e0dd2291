#pragma once

#include "shared/wire/json.hpp"

#include <string>
#include <vector>

namespace libra {

/// What the platform knows of a failed deployment, for people: what failed, the likely cause, the
/// fix, the first error lines, and what changed since the last good release. Nothing where
/// `deployment`, an answer of GET /deployments/{id}, has no `failure`. Harmless to a terminal.
std::vector<std::string> failure_lines(const JsonValue& deployment);

}  // namespace libra
