#pragma once

#include "shared/wire/source_manifest.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

/// @file Which packages a lock file pins.

namespace libra {

/// Name → versions. A package may be there in several.
using LockedPackages = std::map<std::string, std::set<std::string>>;

/// The lock file that counts for a project below `root`: the first there is, there or above.
/// Nothing if there is none.
std::optional<std::string> find_lock_file(const SourceManifest& tree, const std::string& root);

/// Reads package-lock.json and npm-shrinkwrap.json (version 1 to 3), pnpm-lock.yaml (5 to 9),
/// yarn.lock (both kinds) and bun.lock, as these tools write them. Packages of the workspace itself
/// are left out. `path` tells which it is.
///
/// Nothing for any other file, one that cannot be read, and one of more than 16 MiB. Takes time and
/// memory in proportion to `text`, whatever it holds.
std::optional<LockedPackages> read_lock_file(std::string_view path, std::string_view text);

}  // namespace libra
