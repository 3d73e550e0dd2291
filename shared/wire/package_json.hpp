#pragma once

#include "shared/base/result.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// @file The few members of a project's package.json that decide how it is built.

namespace libra {

struct PackageJson {
    std::map<std::string, std::string> scripts{};  // only those that are strings
    std::string package_manager{};                 // `pnpm@9.1.0+sha512.…`; empty when not given
    std::set<std::string> dependencies{};          // names; of production and development
    std::string engines_node{};                    // `engines.node`: a range; empty when not given
    std::string volta_node{};                      // `volta.node`: a version; likewise
    std::optional<std::vector<std::string>> workspaces{};  // patterns of the packages that are its
                                                           // own; where it says so
    std::set<std::string> no_texts{};  // of `packageManager` and `scripts.NAME` those of another
                                       // type
};

/// Reads bytes that a user wrote. Members of an unexpected type are left out, as npm does; of a
/// name given twice the last one counts.
///
/// @return `invalid_input` if it is not one JSON object of at most 1 MiB; its detail is fit for the
///         user.
Result<PackageJson> parse_package_json(std::string_view json);

}  // namespace libra
