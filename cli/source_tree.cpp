#include "cli/source_tree.hpp"

#include "cli/command_failed.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <git2.h>
#include <git2/sys/repository.h>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace libra {

namespace {

namespace fs = std::filesystem;

/// What the .gitignore files of a folder say, by git's own rules. Whatever git is configured to
/// ignore on this machine counts for nothing: a deployment must not depend on who makes it.
class IgnoreRules {
public:
    explicit IgnoreRules(const fs::path& folder)
    {
        git_libgit2_init();
        git_repository* made = nullptr;
        if (git_repository_new(&made) != 0) {
            throw std::runtime_error{"libgit2 gives no repository"};
        }
        repository_.reset(made);
        if (git_repository_set_workdir(made, folder.c_str(), 0) != 0) {
            throw std::runtime_error{"libgit2 does not take the folder"};
        }
    }

    ~IgnoreRules()
    {
        repository_.reset();
        git_libgit2_shutdown();
    }

    IgnoreRules(const IgnoreRules&) = delete;
    IgnoreRules& operator=(const IgnoreRules&) = delete;

    /// A folder's path ends with a slash.
    bool ignores(const std::string& path) const
    {
        int ignored = 0;
        return git_ignore_path_is_ignored(&ignored, repository_.get(), path.c_str()) == 0 &&
               ignored == 1;
    }

private:
    struct Free {
        void operator()(git_repository* repository) const { git_repository_free(repository); }
    };

    std::unique_ptr<git_repository, Free> repository_;
};

bool is_never_deployed(const fs::path& name)
{
    return name == ".git" || name == "node_modules";
}

class Walk {
public:
    explicit Walk(const fs::path& folder) : root_{fs::canonical(folder)}, rules_{root_} {}

    SourceTree run()
    {
        enter(root_, "");
        std::sort(tree_.files.begin(), tree_.files.end(), [](const auto& a, const auto& b) {
            return a.path < b.path;
        });
        return std::move(tree_);
    }

private:
    void enter(const fs::path& folder, const std::string& prefix)
    {
        for (const fs::directory_entry& entry : fs::directory_iterator{folder}) {
            const std::string path = prefix + entry.path().filename().string();
            if (is_never_deployed(entry.path().filename()) || path == "libra.json") {
                continue;
            }
            if (entry.is_directory() && !entry.is_symlink()) {
                if (!rules_.ignores(path + '/')) {
                    enter(entry.path(), path + '/');
                }
            } else if (!rules_.ignores(path)) {
                add(entry, path);
            }
        }
    }

    void add(const fs::directory_entry& entry, const std::string& path)
    {
        std::error_code failed;
        const fs::path target = fs::canonical(entry.path(), failed);
        const fs::path inside = target.lexically_relative(root_);
        if (failed || !fs::is_regular_file(target, failed) || inside.empty() ||
            *inside.begin() == "..") {
            tree_.left_out.push_back(path);
            return;
        }
        const std::string bytes = read_file_bytes(target);
        tree_.files.push_back(
            {.path = path, .on_disk = target, .bytes = bytes.size(), .digest = sha256(bytes)}
        );
    }

    fs::path root_;
    IgnoreRules rules_;
    SourceTree tree_{};
};

}  // namespace

SourceTree read_source_tree(const fs::path& folder)
{
    std::error_code failed;
    if (!fs::is_directory(folder, failed)) {
        throw CommandFailed{
            ExitCode::usage, fmt::format("There is no folder {}.", harmless(folder.string()))};
    }
    try {
        return Walk{folder}.run();
    } catch (const fs::filesystem_error& error) {
        throw CommandFailed{
            ExitCode::usage, fmt::format("The folder cannot be read: {}.", harmless(error.what()))};
    }
}

std::string read_file_bytes(const fs::path& file)
{
    std::ifstream stream{file, std::ios::binary};
    std::string bytes{std::istreambuf_iterator<char>{stream}, {}};
    if (!stream.is_open() || stream.bad()) {
        throw CommandFailed{
            ExitCode::usage, fmt::format("{} cannot be read.", harmless(file.string()))};
    }
    return bytes;
}

}  // namespace libra
