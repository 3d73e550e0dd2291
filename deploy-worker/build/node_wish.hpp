#pragma once

#include "deploy-worker/build/project_files.hpp"
#include "shared/domain/build_settings.hpp"
#include "shared/wire/package_json.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file Which Node a project asks for, and where it says so. What that comes to is found by
/// `NodeVersions`.

namespace libra {

struct NodeWish {
    std::string range{};   // `20`, `20.11.1`, `>=20 <23`, `lts/*`, `lts/iron`; as it was written
    std::string source{};  // for people: `.nvmrc`

    bool operator==(const NodeWish&) const = default;
};

/// The first line of a .nvmrc or .node-version that is no comment, without blanks around it;
/// nothing if there is none. Reads UTF-8, and UTF-16 with a byte order mark, as PowerShell writes.
/// What is far too long is cut and ends in an ellipsis, so that nobody takes it for a version.
std::optional<std::string> version_in_file(std::string_view text);

/// The first of: the setting; .nvmrc or .node-version in the first of `directories` that has one;
/// `engines.node`, then `volta.node`, of `package`, then of `workspace`. Nothing where nobody asks.
/// `files` are those of the whole tree; errors of reading are left there.
std::optional<NodeWish> node_wish(
    const BuildSettings& settings,
    ProjectFiles& files,
    const std::vector<std::string>& directories,
    const PackageJson& package,
    const PackageJson& workspace
);

/// Whether it is of characters that a person can have meant.
bool is_readable(const NodeWish& wish);

/// `range` as npm's semver reads it: names of Node's lines become their number, and the newest are
/// `*` with `latest`. The same text where there is nothing to replace.
std::string semver_range(std::string_view range, const std::vector<std::string>& lts_lines);

}  // namespace libra
