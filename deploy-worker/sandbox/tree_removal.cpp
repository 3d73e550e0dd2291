#include "deploy-worker/sandbox/tree_removal.hpp"

#include "deploy-worker/sandbox/beneath.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <unistd.h>

namespace libra {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_chunk_bytes = 64U << 10U;

/// Called for a file with its path below the tree; `parent` is the other side's directory.
using Visit = std::function<
    Result<void>(int parent, int tree_parent, const std::string& name, const std::string& path)>;

struct Walk {
    Visit file;
    bool remove_directories{};
    bool missing_directory_is_change{};
};

Result<void> walk(const Walk& rules, int from, int tree, const std::string& path)
{
    std::error_code failed;
    fs::directory_iterator entries{"/proc/self/fd/" + std::to_string(tree), failed};
    for (; !failed && entries != fs::directory_iterator{}; entries.increment(failed)) {
        const std::string name = entries->path().filename().string();
        const std::string inner = path.empty() ? name : path + '/' + name;
        std::error_code gone;
        const fs::file_type type = entries->symlink_status(gone).type();
        if (type == fs::file_type::regular) {
            if (Result<void> visited = rules.file(from, tree, name, inner); !visited) {
                return visited;
            }
        } else if (type == fs::file_type::directory) {
            const UniqueFd source = open_directory_beneath(tree, name);
            const UniqueFd other = open_directory_beneath(from, name);
            if (!other && rules.missing_directory_is_change) {
                return Error{Errc::rejected, inner};
            }
            if (other && source) {
                if (Result<void> done = walk(rules, other.native(), source.native(), inner);
                    !done) {
                    return done;
                }
                if (rules.remove_directories) {
                    ::unlinkat(from, name.c_str(), AT_REMOVEDIR);  // stays if it is not empty
                }
            }
        }
    }
    if (failed) {
        return Error{Errc::unavailable, "cannot read " + path + ": " + failed.message()};
    }
    return {};
}

ssize_t fill(const UniqueFd& file, std::array<char, k_chunk_bytes>& buffer)
{
    std::size_t have = 0;
    while (have < buffer.size()) {
        const ssize_t got = ::read(file.native(), buffer.data() + have, buffer.size() - have);
        if (got < 0) {
            return got;
        }
        if (got == 0) {
            break;
        }
        have += static_cast<std::size_t>(got);
    }
    return static_cast<ssize_t>(have);
}

bool same_content(const UniqueFd& one, const UniqueFd& other)
{
    std::array<char, k_chunk_bytes> left{};
    std::array<char, k_chunk_bytes> right{};
    while (true) {
        const ssize_t first = fill(one, left);
        const ssize_t second = fill(other, right);
        if (first < 0 || first != second ||
            !std::equal(left.begin(), left.begin() + first, right.begin())) {
            return false;
        }
        if (first == 0) {
            return true;
        }
    }
}

}  // namespace

Result<void> check_unchanged(int from, int tree)
{
    const auto compare = [](int parent, int tree_parent, const auto& name, const auto& path) {
        struct stat uploaded {};

        struct stat now {};

        const UniqueFd source = open_file_beneath(tree_parent, name, uploaded);
        const UniqueFd other = open_file_beneath(parent, name, now);
        if (!source || !other || uploaded.st_size != now.st_size || !same_content(source, other)) {
            return Result<void>{Error{Errc::rejected, path}};
        }
        return Result<void>{};
    };
    return walk({.file = compare, .missing_directory_is_change = true}, from, tree, "");
}

Result<void> remove_tree(int from, int tree)
{
    const auto remove = [](int parent, int /*tree_parent*/, const auto& name, const auto& path) {
        if (::unlinkat(parent, name.c_str(), 0) != 0 && errno != ENOENT && errno != EISDIR) {
            return Result<void>{
                Error{Errc::unavailable, errno_text("cannot remove " + path, errno)}};
        }
        return Result<void>{};
    };
    return walk({.file = remove, .remove_directories = true}, from, tree, "");
}

}  // namespace libra
