#pragma once

#include "deploy-worker/diagnosis/project_view.hpp"
#include "shared/domain/failure_report.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

/// @file What is different between two builds of a project.

namespace libra {

/// Names to what tells one state of them from another: a version, or the time it was set.
using NamedVersions = std::map<std::string, std::string>;

/// `{"name": "version", …}`, numbers as they are written; nothing for anything else.
std::optional<NamedVersions> decode_versions(std::string_view json);

/// The tools, commands and directories of a build, from its record
/// (proto-schemas/build-record.json); nothing for anything else.
std::optional<NamedVersions> decode_toolchain(std::string_view json);

/// What a build was made of. What is not known is left out, and not compared.
struct BuildInputs {
    const SourceManifest* tree{};
    ReadText read{};
    std::string root{};
    std::optional<NamedVersions> environment{};
    std::optional<NamedVersions> toolchain{};
};

/// Of names at most the first 10 are kept, of packages 12.
ReleaseChanges changes_between(const BuildInputs& before, const BuildInputs& after);

}  // namespace libra
