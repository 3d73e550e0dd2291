#include "deploy-worker/pipeline/steps/source_limits.hpp"

#include <fmt/format.h>

#include <numeric>
#include <optional>
#include <string>
#include <utility>

namespace libra {

namespace {

Failure user_failure(std::string code, std::string message)
{
    return {
        .failure_class = FailureClass::user,
        .code = std::move(code),
        .message = std::move(message),
    };
}

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
    return {};
}

}  // namespace libra
