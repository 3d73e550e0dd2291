#include "deploy-worker/pipeline/steps/source_limits.hpp"

#include "shared/domain/rules.hpp"

#include <fmt/format.h>

#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>

namespace libra {

namespace {

/// In path order a file `a` comes before everything below `a/`, though not always next to it.
std::optional<std::string> path_that_is_file_and_directory(const SourceManifest& tree)
{
    for (const auto& [path, blob] : tree) {
        const std::string below = path + '/';
        const auto next = tree.lower_bound(below);
        if (next != tree.end() && next->first.starts_with(below)) {
            return path;
        }
    }
    return std::nullopt;
}

/// Browsers, archives and many disks take such two for one.
std::optional<std::string> paths_that_look_alike(const SourceManifest& tree)
{
    std::map<std::string, std::string_view> seen;
    for (const auto& [path, blob] : tree) {
        const auto [first, is_new] = seen.try_emplace(path_fold(path), path);
        if (!is_new) {
            return fmt::format("'{}' and '{}'", first->second, path);
        }
    }
    return std::nullopt;
}

}  // namespace

Outcome<void> check_source(const SourceManifest& tree, const SourceLimits& limits)
{
    if (tree.empty()) {
        return user_failure(
            "no_files",
            "The project has no files. Send its files in initFiles with the first deployment."
        );
    }
    if (tree.size() > limits.files) {
        return user_failure(
            "too_many_files",
            fmt::format(
                "The project has {} files; at most {} are deployed.", tree.size(), limits.files
            )
        );
    }
    const std::uint64_t bytes = std::accumulate(
        tree.begin(),
        tree.end(),
        std::uint64_t{0},
        [](std::uint64_t sum, const auto& file) { return sum + file.second.bytes; }
    );
    if (bytes > limits.bytes) {
        return user_failure(
            "source_too_large",
            fmt::format(
                "The project's files have {} bytes together; at most {} are deployed.",
                bytes,
                limits.bytes
            )
        );
    }
    if (const auto path = path_that_is_file_and_directory(tree)) {
        return user_failure(
            "path_conflict",
            fmt::format("'{}' is both a file and a directory. Delete the one that is old.", *path)
        );
    }
    if (const auto paths = paths_that_look_alike(tree)) {
        return user_failure(
            "path_conflict",
            fmt::format(
                "{} differ only in letter case or Unicode form. Delete the one that is old, or "
                "deploy all files with replaceFiles.",
                *paths
            )
        );
    }
    return {};
}

}  // namespace libra
