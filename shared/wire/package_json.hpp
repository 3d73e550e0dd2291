#pragma once

#include "shared/base/result.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

/// @file The few members of a project's package.json that decide how it is built.

namespace libra {

struct PackageJson {
    std::map<std::string, std::string> scripts{};  // only those that are strings
    std::string package_manager{};                 // `pnpm@9.1.0+sha512.…`; empty when not given
    std::set<std::string> dependencies{};          // names; of production and development
    std::string engines_node{};                    // `engines.node`: a range; empty when not given
    std::string volta_node{};                      // `volta.node`: a version; likewise
    bool workspaces{};  // whether it says which other packages are its own
};

/// Reads bytes that a user wrote. Members of an unexpected type are left out, as npm does; of a
/// name given twice the last one counts.
///
/// @return `invalid_input` if it is not one JSON object of at most 1 MiB; its detail is fit for the
///         user.
Result<PackageJson> parse_package_json(std::string_view json);

}  // namespace libra
