#pragma once

#include "deploy-worker/masking/pattern_set.hpp"

#include <string>
#include <vector>

namespace libra {

/// What the commands of a build find in their environment beside what the sandbox sets.
struct BuildEnvironment {
    std::vector<std::string> variables{};  // `NAME=value`
    PatternSet secrets{};                  // of these, what nobody may see
};

}  // namespace libra
