#include "deploy-worker/build/artifact.hpp"

#include "deploy-worker/build/finished_file.hpp"
#include "deploy-worker/build/site_check.hpp"
#include "deploy-worker/build/site_tree.hpp"
#include "shared/base/parallel.hpp"
#include "shared/domain/media_types.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace libra {

namespace fs = std::filesystem;

namespace {

using Paths = std::set<std::string, std::less<>>;
using FinishedFiles = std::vector<FinishedFile>;

unsigned threads_for(const SiteTree& tree, unsigned wanted)
{
    constexpr unsigned k_most = 16;
    constexpr std::uint64_t k_worth_a_thread = 256U << 10U;  // of bytes, or a hundred files
    constexpr std::uint64_t k_files_worth_a_thread = 100;
    std::uint64_t bytes = 0;
    for (const SiteFile& file : tree.files) {
        bytes += file.bytes;
    }
    const std::uint64_t useful =
        1 + bytes / k_worth_a_thread + tree.files.size() / k_files_worth_a_thread;
    const unsigned able = wanted != 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
    return static_cast<unsigned>(std::min<std::uint64_t>({useful, able, k_most}));
}

/// In the order of the tree, whoever was quicker.
Result<FinishedFiles> finish_files(
    const fs::path& directory,
    const SiteTree& tree,
    const ArtifactSettings& settings,
    const std::stop_token& stop
)
{
    Paths all;
    for (const SiteFile& file : tree.files) {
        all.insert(file.path);
    }
    FinishedFiles finished(tree.files.size());
    const Result<void> done = in_parallel(
        finished.size(),
        threads_for(tree, settings.threads),
        [&](std::size_t i) -> Result<void> {
            const std::string& path = tree.files[i].path;
            if (stop.stop_requested()) {
                return Error{Errc::cancelled, "stopped before " + path};
            }
            Result<FinishedFile> file = finish_file(
                directory,
                path,
                settings,
                [&](const std::string& other) { return all.contains(other); },
                stop
            );
            if (file.has_error()) {
                return file.error();
            }
            finished[i] = *std::move(file);
            return {};
        }
    );
    if (done.has_error()) {
        return done.error();
    }
    return finished;
}

Result<Artifact> finish(
    const fs::path& directory,
    const SiteTree& tree,
    const ArtifactSettings& settings,
    const std::stop_token& stop
)
{
    auto finished = finish_files(directory, tree, settings, stop);
    if (finished.has_error()) {
        return finished.error();
    }
    Artifact artifact{.directory = directory};
    for (std::size_t i = 0; i < finished->size(); ++i) {
        FinishedFile& file = (*finished)[i];
        const std::string& path = tree.files[i].path;
        artifact.manifest.push_back(
            {.path = path,
             .bytes = file.bytes,
             .content_type = std::string{media_type_of(path)},
             .digest = file.content}
        );
        artifact.bytes += file.bytes;
        artifact.reused += file.reused;
        std::move(
            file.compressed.begin(), file.compressed.end(), std::back_inserter(artifact.compressed)
        );
    }
    artifact.digest = digest_of(artifact.manifest);
    return artifact;
}

Result<void> open_directories(const SiteTree& tree)
{
    constexpr auto k_mode = static_cast<fs::perms>(0755);
    for (const fs::path& directory : tree.directories) {
        std::error_code failed;
        fs::permissions(directory, k_mode, failed);
        if (failed) {
            return Error{Errc::unavailable, "open " + directory.string() + ": " + failed.message()};
        }
    }
    return {};
}

/// What a crash left half-made counts for nothing.
Result<void> empty_directory(const fs::path& directory)
{
    std::error_code failed;
    fs::remove_all(directory, failed);
    if (!failed) {
        fs::create_directories(directory, failed);
    }
    if (failed) {
        return Error{Errc::unavailable, "empty " + directory.string() + ": " + failed.message()};
    }
    return {};
}

}  // namespace

Outcome<Artifact> finish_artifact(
    const fs::path& directory,
    const ArtifactSettings& settings,
    const std::stop_token& stop
)
{
    constexpr std::string_view k_what{"the preparation of the site's files"};
    const auto tree = walk_site(directory);
    if (tree.has_error() && tree.error().code == Errc::rejected) {
        return user_failure(
            "output_rejected",
            "The site holds something that cannot be served: " + tree.error().detail +
                ". Only regular files and directories can be deployed."
        );
    }
    if (tree.has_error()) {
        return transient_failure(k_what, tree.error());
    }
    if (auto objected = objection_to(*tree, settings.limits)) {
        return *std::move(objected);
    }
    if (const auto opened = open_directories(*tree); opened.has_error()) {
        return transient_failure(k_what, opened.error());
    }
    if (const auto emptied = empty_directory(settings.compressed); emptied.has_error()) {
        return transient_failure(k_what, emptied.error());
    }
    auto artifact = finish(directory, *tree, settings, stop);
    if (artifact.has_error()) {
        return transient_failure(k_what, artifact.error());
    }
    return *std::move(artifact);
}

}  // namespace libra
