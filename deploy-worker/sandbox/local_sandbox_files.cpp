// Reading what a build left on the sandbox's disk, from outside.

#include "deploy-worker/sandbox/beneath.hpp"
#include "deploy-worker/sandbox/local_sandbox.hpp"
#include "deploy-worker/sandbox/tree_copy.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace libra {
namespace {

namespace fs = std::filesystem;

Result<std::string> read_all(const UniqueFd& file, const std::string& path, std::uint64_t max_bytes)
{
    std::string text;
    std::array<char, 16U << 10U> buffer{};
    ssize_t got = 0;
    while ((got = ::read(file.native(), buffer.data(), buffer.size())) > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(got));
        if (text.size() > max_bytes) {
            return Error{
                Errc::limit_exceeded,
                path + " is larger than " + std::to_string(max_bytes) + " bytes"};
        }
    }
    if (got < 0) {
        return Error{Errc::unavailable, errno_text("cannot read " + path, errno)};
    }
    return text;
}

}  // namespace

Result<std::optional<std::string>>
LocalSandbox::read_file(const std::string& path, std::uint64_t max_bytes)
{
    const Result<UniqueFd> work = open_work();
    if (!work) {
        return work.error();
    }

    struct stat info {};

    const UniqueFd file = open_file_beneath(work->native(), path, info);
    if (!file) {
        return std::optional<std::string>{};
    }
    Result<std::string> text = read_all(file, path, max_bytes);
    if (!text) {
        return text.error();
    }
    return std::optional{std::move(*text)};
}

Result<std::vector<std::string>> LocalSandbox::list(const std::string& directory)
{
    constexpr std::size_t k_most_names = 20'000;
    const Result<UniqueFd> work = open_work();
    if (!work) {
        return work.error();
    }
    const UniqueFd opened = open_directory_beneath(work->native(), directory);
    if (!opened) {
        return Error{Errc::not_found, "no directory `" + directory + "`"};
    }
    std::vector<std::string> names;
    std::error_code failed;
    fs::directory_iterator entries{"/proc/self/fd/" + std::to_string(opened.native()), failed};
    for (; !failed && entries != fs::directory_iterator{}; entries.increment(failed)) {
        std::error_code gone;
        const bool inner = entries->symlink_status(gone).type() == fs::file_type::directory;
        names.push_back(entries->path().filename().string() + (inner ? "/" : ""));
        if (names.size() > k_most_names) {
            return Error{
                Errc::limit_exceeded,
                "`" + directory + "` has more than " + std::to_string(k_most_names) + " names"};
        }
    }
    if (failed) {
        return Error{Errc::unavailable, "cannot read `" + directory + "`: " + failed.message()};
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<void> LocalSandbox::collect(
    const std::string& directory,
    const fs::path& into,
    const CollectLimits& limits
)
{
    if (Result<void> killed = kill_container(); !killed) {
        return killed;
    }
    const Result<UniqueFd> work = open_work();
    if (!work) {
        return work.error();
    }
    const UniqueFd source = open_directory_beneath(work->native(), directory);
    if (!source) {
        return Error{Errc::not_found, "no directory `" + directory + "` in the build's result"};
    }
    const UniqueFd target{::open(into.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!target) {
        return Error{Errc::unavailable, errno_text("cannot open " + into.string(), errno)};
    }
    return copy_tree(
        source.native(),
        target.native(),
        {.publish = true,
         .entries = limits.files,
         .bytes = limits.bytes,
         .file_bytes = limits.file_bytes}
    );
}

}  // namespace libra
