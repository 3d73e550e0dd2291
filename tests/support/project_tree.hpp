#pragma once

#include "shared/base/digest.hpp"
#include "shared/base/result.hpp"
#include "shared/wire/source_manifest.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace libra::testing {

/// A project's files in memory, as a plan is made from them.
struct ProjectTree {
    using Files = std::map<std::string, std::string>;

    explicit ProjectTree(Files given) : files{std::move(given)}
    {
        for (const auto& [path, content] : files) {
            manifest[path] = {.digest = sha256(content), .bytes = content.size()};
        }
    }

    ProjectTree(const ProjectTree&) = delete;
    ProjectTree& operator=(const ProjectTree&) = delete;

    Files files;
    SourceManifest manifest;
    std::function<Result<std::optional<std::string>>(const std::string&)> read =
        [this](const std::string& path) -> Result<std::optional<std::string>> {
        const auto file = files.find(path);
        return file == files.end() ? std::nullopt : std::optional{file->second};
    };
};

}  // namespace libra::testing
