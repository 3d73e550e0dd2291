#include "deploy-worker/build/site_check.hpp"

#include "deploy-worker/build/artifact.hpp"
#include "deploy-worker/build/site_tree.hpp"
#include "shared/domain/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace libra {

namespace {

std::optional<Failure> excess(const SiteTree& tree, const SiteLimits& limits)
{
    if (tree.files.size() > limits.files) {
        return user_failure(
            "too_many_site_files",
            fmt::format(
                "The site has {} files; at most {} can be deployed.",
                tree.files.size(),
                limits.files
            )
        );
    }
    std::uint64_t bytes = 0;
    const SiteFile* largest = nullptr;
    for (const SiteFile& file : tree.files) {
        bytes += file.bytes;
        largest = largest == nullptr || file.bytes > largest->bytes ? &file : largest;
    }
    if (largest != nullptr && largest->bytes > limits.file_bytes) {
        return user_failure(
            "site_file_too_large",
            fmt::format(
                "{} has {} bytes; a file of a site may have at most {}. Serve large files from "
                "elsewhere.",
                largest->path,
                largest->bytes,
                limits.file_bytes
            )
        );
    }
    if (bytes > limits.bytes) {
        return user_failure(
            "site_too_large",
            fmt::format(
                "The site has {} bytes in all; at most {} can be deployed. Its largest file is {} "
                "with {} bytes.",
                bytes,
                limits.bytes,
                largest->path,
                largest->bytes
            )
        );
    }
    return std::nullopt;
}

}  // namespace

std::optional<Failure> objection_to(const SiteTree& tree, const SiteLimits& limits)
{
    const auto file_like = [&](const auto& fits) {
        return std::find_if(tree.files.begin(), tree.files.end(), [&](const SiteFile& file) {
            return fits(file.path);
        });
    };
    const auto index = file_like([](const std::string& path) { return path == "index.html"; });
    const auto other_case =
        file_like([](const std::string& path) { return path_fold(path) == "index.html"; });
    if (index == tree.files.end()) {
        return user_failure(
            "no_index_html",
            other_case == tree.files.end()
                ? "The site has no index.html at its top. Add one; it is the page that is shown "
                  "first."
                : fmt::format(
                      "The site has no index.html at its top, but {}. Rename it: letter case "
                      "counts.",
                      other_case->path
                  )
        );
    }
    return excess(tree, limits);
}

std::vector<std::string> warnings_about(const SiteManifest& site)
{
    const bool empty = std::any_of(site.begin(), site.end(), [](const SiteManifestFile& file) {
        return file.path == "index.html" && file.bytes == 0;
    });
    return empty ? std::vector<std::string>{"Warning: index.html is empty, and so is the page that "
                                            "is shown first."}
                 : std::vector<std::string>{};
}

}  // namespace libra
