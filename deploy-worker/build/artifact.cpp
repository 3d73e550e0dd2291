#include "deploy-worker/build/artifact.hpp"

#include "deploy-worker/build/compression.hpp"
#include "deploy-worker/build/site_tree.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <set>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace libra {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 2> k_encodings{".br", ".gz"};

using Paths = std::set<std::string, std::less<>>;

/// The path that `path` is a compressed form of, if that is there; else empty.
std::string_view original_of(std::string_view path, const Paths& all)
{
    for (const std::string_view ending : k_encodings) {
        const std::string_view original =
            path.ends_with(ending) ? path.substr(0, path.size() - ending.size()) : "";
        if (!original.empty() && all.contains(original)) {
            return original;
        }
    }
    return {};
}

/// The static host makes its ETag of size and time in whole seconds. Time is taken from the
/// content, so an unchanged file keeps its validator from release to release.
Result<void> set_time_and_mode(const fs::path& file, const Digest& content)
{
    constexpr std::time_t k_base = 1'420'070'400;  // 2015-01-01; 28 bits more end in mid-2023
    const auto& bytes = content.bytes;
    const std::time_t offset = (std::time_t{bytes[0]} << 20U) | (std::time_t{bytes[1]} << 12U) |
                               (std::time_t{bytes[2]} << 4U) | std::time_t{bytes[3] >> 4U};
    const timespec moment{.tv_sec = k_base + offset, .tv_nsec = 0};
    const std::array times{moment, moment};
    constexpr mode_t k_mode = 0644;
    const bool done = ::chmod(file.c_str(), k_mode) == 0 &&
                      ::utimensat(AT_FDCWD, file.c_str(), times.data(), AT_SYMLINK_NOFOLLOW) == 0;
    if (!done) {
        const std::error_code code{errno, std::generic_category()};
        return Error{Errc::unavailable, "set time of " + file.string() + ": " + code.message()};
    }
    return {};
}

/// Writes the encodings of one file that are not there yet.
Result<void> write_siblings(
    const fs::path& directory,
    const SiteFile& file,
    std::string_view bytes,
    const Paths& all
)
{
    if (!is_worth_compressing(file.path, bytes.size())) {
        return {};
    }
    for (const std::string_view ending : k_encodings) {
        const std::string path = file.path + std::string{ending};
        if (all.contains(path)) {
            continue;
        }
        const std::string encoded = ending == ".br" ? brotli(bytes) : gzip(bytes);
        if (encoded.size() >= bytes.size()) {
            continue;
        }
        auto written = write_site_file(directory / path, encoded);
        if (written.has_value()) {
            written = set_time_and_mode(directory / path, sha256(encoded));
        }
        if (written.has_error()) {
            return written.error();
        }
    }
    return {};
}

Result<SiteTree> walk_without_unfinished(const fs::path& directory)
{
    auto tree = walk_site(directory);
    if (tree.has_error()) {
        return tree;
    }
    std::error_code failed;
    std::erase_if(tree->files, [&](const SiteFile& file) {
        const bool unfinished = file.path.ends_with(k_unfinished);
        if (unfinished) {
            std::error_code this_failed;
            fs::remove(directory / file.path, this_failed);
            failed = this_failed ? this_failed : failed;
        }
        return unfinished;
    });
    if (failed) {
        return Error{Errc::unavailable, "remove an unfinished file: " + failed.message()};
    }
    return tree;
}

Result<Artifact>
finish(const fs::path& directory, const SiteTree& tree, const std::stop_token& stop)
{
    Paths all;
    for (const SiteFile& file : tree.files) {
        all.insert(file.path);
    }
    Artifact artifact{.directory = directory};
    Sha256 sum;
    for (const SiteFile& file : tree.files) {
        if (stop.stop_requested()) {
            return Error{Errc::cancelled, "stopped before " + file.path};
        }
        const auto bytes = read_site_file(directory / file.path);
        if (bytes.has_error()) {
            return bytes.error();
        }
        const Digest content = sha256(*bytes);
        const auto set = set_time_and_mode(directory / file.path, content);
        if (set.has_error()) {
            return set.error();
        }
        if (!original_of(file.path, all).empty()) {
            continue;
        }
        // No path holds a NUL, so no two trees are written alike.
        sum.update(file.path);
        sum.update(std::string_view{"\0", 1});
        sum.update(content.hex());
        ++artifact.files;
        artifact.bytes += bytes->size();
        const auto written = write_siblings(directory, file, *bytes, all);
        if (written.has_error()) {
            return written.error();
        }
    }
    artifact.digest = sum.finish();
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

Failure user_failure(std::string code, std::string message)
{
    return Failure{
        .failure_class = FailureClass::user,
        .code = std::move(code),
        .message = std::move(message),
    };
}

}  // namespace

Outcome<Artifact> finish_artifact(const fs::path& directory, const std::stop_token& stop)
{
    constexpr std::string_view k_what{"the preparation of the site's files"};
    const auto tree = walk_without_unfinished(directory);
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
    const bool has_index =
        std::any_of(tree->files.begin(), tree->files.end(), [](const SiteFile& file) {
            return file.path == "index.html";
        });
    if (!has_index) {
        return user_failure(
            "no_index_html",
            "The site has no index.html at its top. Add one; it is the page that is shown first."
        );
    }
    if (const auto opened = open_directories(*tree); opened.has_error()) {
        return transient_failure(k_what, opened.error());
    }
    auto artifact = finish(directory, *tree, stop);
    if (artifact.has_error()) {
        return transient_failure(k_what, artifact.error());
    }
    return *std::move(artifact);
}

}  // namespace libra
