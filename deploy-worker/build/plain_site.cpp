#include "deploy-worker/build/plain_site.hpp"

#include "deploy-worker/build/site_tree.hpp"

#include <algorithm>
#include <array>
#include <system_error>

namespace libra {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 9> k_project_files{
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "yarn.lock",
    "bun.lock",
    "bun.lockb",
    "bunfig.toml",
};

}  // namespace

bool is_served(std::string_view path)
{
    if (std::find(k_project_files.begin(), k_project_files.end(), path) != k_project_files.end()) {
        return false;
    }
    for (std::string_view rest = path; !rest.empty();) {
        const std::size_t slash = rest.find('/');
        const std::string_view name = rest.substr(0, slash);
        if (name.starts_with('.') && name != ".well-known") {
            return false;
        }
        rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    }
    return true;
}

Outcome<void> copy_plain_site(const fs::path& tree, const fs::path& into)
{
    constexpr std::string_view k_what{"the preparation of the site's files"};
    const auto walked = walk_site(tree);
    if (walked.has_error() && walked.error().code == Errc::rejected) {
        return Failure{
            .failure_class = FailureClass::user,
            .code = "output_rejected",
            .message =
                "The project holds something that cannot be served: " + walked.error().detail +
                ". Only regular files and directories can be deployed.",
        };
    }
    if (walked.has_error()) {
        return transient_failure(k_what, walked.error());
    }
    for (const SiteFile& file : walked->files) {
        if (!is_served(file.path)) {
            continue;
        }
        const fs::path copy = into / file.path;
        std::error_code failed;
        fs::create_directories(copy.parent_path(), failed);
        if (!failed) {
            fs::copy_file(tree / file.path, copy, failed);
        }
        if (failed) {
            return transient_failure(k_what, {Errc::unavailable, failed.message()});
        }
    }
    return {};
}

}  // namespace libra
