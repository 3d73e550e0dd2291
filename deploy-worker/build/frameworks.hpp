#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>

/// @file The frameworks whose output we know, recognised by a dependency.

namespace libra {

struct Framework {
    std::string_view slug{};
    std::string_view dependency{};
    std::string_view name{};     // for the build log
    std::string_view script{};   // makes the static site, where there is such a script; or `build`
    std::string_view command{};  // what that script usually is
    std::array<std::string_view, 2> outputs{};  // as `BuildPlan::output_candidates`; "" is none
    std::array<std::string_view, 2> caches{};   // as `BuildPlan::cache_directories`
    std::string_view output_hint{};
};

/// The first of the list that `dependencies` names; nullptr if there is none. A framework comes
/// before the bundler it is built on.
const Framework* find_framework(const std::set<std::string>& dependencies);

}  // namespace libra
