#include "deploy-worker/sandbox/tree_copy.hpp"

#include "deploy-worker/sandbox/beneath.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace libra {
namespace {

namespace fs = std::filesystem;

constexpr int k_deepest = 64;
constexpr std::size_t k_chunk_bytes = 256U << 10U;
constexpr mode_t k_directory_mode = 0755;
constexpr mode_t k_plain_mode = 0644;
constexpr mode_t k_execute_bits = 0111;

bool publishable(std::string_view name)
{
    constexpr char k_delete = 0x7F;
    const auto control = [](char c) { return (c >= 0 && c < ' ') || c == k_delete; };
    return is_utf8(name) && std::none_of(name.begin(), name.end(), control);
}

class TreeCopy {
public:
    explicit TreeCopy(const TreeCopyRules& rules) : rules_{rules}, buffer_(k_chunk_bytes) {}

    Result<void> directory(int from, int into, const std::string& path, int depth)
    {
        if (depth > k_deepest) {
            return Error{
                Errc::limit_exceeded,
                path + " is more than " + std::to_string(k_deepest) + " directories deep"};
        }
        // The link of our own descriptor: the names of exactly the directory that was opened.
        std::error_code failed;
        fs::directory_iterator entries{"/proc/self/fd/" + std::to_string(from), failed};
        for (; !failed && entries != fs::directory_iterator{}; entries.increment(failed)) {
            const std::string name = entries->path().filename().string();
            std::string inner = path;
            inner += path.empty() ? "" : "/";
            inner += name;
            if (Result<void> copied = entry(from, into, name, inner, depth); !copied) {
                return copied;
            }
        }
        if (failed) {
            return Error{Errc::unavailable, "cannot read " + path + ": " + failed.message()};
        }
        return {};
    }

private:
    Result<void>
    entry(int from, int into, const std::string& name, const std::string& path, int depth)
    {
        if (++entries_ > rules_.entries) {
            return Error{
                Errc::limit_exceeded,
                "more than " + std::to_string(rules_.entries) + " files and directories"};
        }

        if (rules_.publish && !publishable(name)) {
            return Error{
                Errc::rejected,
                printable_utf8(path) +
                    " has a name with a control character or bytes that are not UTF-8"};
        }

        struct stat info {};

        if (::fstatat(from, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
            return Error{Errc::unavailable, errno_text(path, errno)};
        }
        if (S_ISREG(info.st_mode)) {
            return file(from, into, name, path);
        }
        if (S_ISDIR(info.st_mode)) {
            return subdirectory(from, into, name, path, depth);
        }
        if (!rules_.publish) {
            return {};
        }
        return Error{
            Errc::rejected,
            path + " is " + std::string{kind_of_file(info.st_mode)} +
                "; only regular files and directories can be deployed"};
    }

    Result<void>
    subdirectory(int from, int into, const std::string& name, const std::string& path, int depth)
    {
        const UniqueFd source = open_directory_beneath(from, name);
        if (!source) {
            return Error{Errc::rejected, errno_text(path + " cannot be opened safely", errno)};
        }
        const bool made = ::mkdirat(into, name.c_str(), k_directory_mode) == 0;
        if (!made && errno != EEXIST) {
            return write_failure(path, errno);
        }
        const UniqueFd target = open_directory_beneath(into, name);
        if (!target) {
            return Error{Errc::rejected, errno_text(path + " is not a directory there", errno)};
        }
        if (made) {
            if (Result<void> owned = give_away(target, path); !owned) {
                return owned;
            }
        }
        return directory(source.native(), target.native(), path, depth + 1);
    }

    Result<void> file(int from, int into, const std::string& name, const std::string& path)
    {
        struct stat info {};

        const UniqueFd source = open_file_beneath(from, name, info);
        if (!source) {
            return Error{Errc::rejected, errno_text(path + " cannot be opened safely", errno)};
        }
        if (::unlinkat(into, name.c_str(), 0) != 0 && errno != ENOENT) {
            return write_failure(path, errno);
        }
        const bool executable = (info.st_mode & k_execute_bits) != 0;
        const mode_t mode = executable ? k_plain_mode | k_execute_bits : k_plain_mode;
        const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
        const UniqueFd target{::openat(into, name.c_str(), flags, mode)};
        if (!target) {
            return write_failure(path, errno);
        }
        if (Result<void> owned = give_away(target, path); !owned) {
            return owned;
        }
        return content(source, target, path);
    }

    Result<void> content(const UniqueFd& source, const UniqueFd& target, const std::string& path)
    {
        std::uint64_t copied = 0;
        while (true) {
            const ssize_t got = ::read(source.native(), buffer_.data(), buffer_.size());
            if (got < 0) {
                return Error{Errc::unavailable, errno_text("cannot read " + path, errno)};
            }
            if (got == 0) {
                return {};
            }
            const auto size = static_cast<std::size_t>(got);
            copied += size;
            bytes_ += size;
            if (copied > rules_.file_bytes) {
                return Error{Errc::limit_exceeded, path + " is larger than a file may be"};
            }
            if (bytes_ > rules_.bytes) {
                return Error{Errc::limit_exceeded, "the files are larger than they may be in all"};
            }
            if (const int failed = write_all(target, size); failed != 0) {
                return write_failure(path, failed);
            }
        }
    }

    /// @return an errno, or 0.
    int write_all(const UniqueFd& target, std::size_t size) const
    {
        for (std::size_t done = 0; done < size;) {
            const ssize_t written = ::write(target.native(), buffer_.data() + done, size - done);
            if (written < 0) {
                return errno;
            }
            done += static_cast<std::size_t>(written);
        }
        return 0;
    }

    Result<void> give_away(const UniqueFd& target, const std::string& path) const
    {
        if (rules_.owner && ::fchown(target.native(), *rules_.owner, *rules_.owner) != 0) {
            return write_failure(path, errno);
        }
        return {};
    }

    Error write_failure(const std::string& path, int code) const
    {
        // A disk of the host's that is full is no limit of the build's.
        const bool full = !rules_.publish && (code == ENOSPC || code == EDQUOT);
        return {
            full ? Errc::limit_exceeded : Errc::unavailable,
            errno_text("cannot write " + path, code)};
    }

    TreeCopyRules rules_;
    std::vector<char> buffer_;
    std::uint64_t entries_{0};
    std::uint64_t bytes_{0};
};

}  // namespace

Result<void> copy_tree(int from, int into, const TreeCopyRules& rules)
{
    return TreeCopy{rules}.directory(from, into, "", 1);
}

}  // namespace libra
