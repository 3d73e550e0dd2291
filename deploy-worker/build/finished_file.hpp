#pragma once

#include "deploy-worker/build/artifact.hpp"
#include "shared/base/result.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

/// @file One file of a site: digested, dated and compressed.

namespace libra {

struct FinishedFile {
    Digest content{};
    std::uint64_t bytes{};
    std::vector<CompressedFile> compressed{};
    std::size_t reused{};
};

/// Whether the build has made a file of that path itself.
using BuiltPath = std::function<bool(const std::string& path)>;

/// Any number of files may be finished at the same time.
/// @return `unavailable` if the disk fails, `cancelled` on `stop`.
Result<FinishedFile> finish_file(
    const std::filesystem::path& directory,
    const std::string& path,
    const ArtifactSettings& settings,
    const BuiltPath& built,
    const std::stop_token& stop
);

}  // namespace libra
