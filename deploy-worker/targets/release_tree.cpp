#include "deploy-worker/targets/release_tree.hpp"

#include "shared/base/parallel.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <set>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace libra {

namespace fs = std::filesystem;

namespace {

constexpr auto k_directory_mode = static_cast<fs::perms>(0755);
constexpr auto k_file_mode = static_cast<fs::perms>(0644);

/// `.new-<name>-` begins the name of what is not yet `<name>`; `.old-<name>` was it.
constexpr std::string_view k_new{".new-"};
constexpr std::string_view k_old{".old-"};
constexpr std::size_t k_random_letters = 6;  // mkdtemp's XXXXXX

Error disk_error(std::string_view what, const fs::path& path, const std::error_code& code)
{
    return {Errc::unavailable, std::string{what} + ' ' + path.string() + ": " + code.message()};
}

Error disk_error(std::string_view what, const fs::path& path)
{
    return disk_error(what, path, {errno, std::generic_category()});
}

Result<void> sync_to_disk(const fs::path& path)
{
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's own interface is variadic
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) {
        return disk_error("open", path);
    }
    const bool done = ::fsync(descriptor) == 0;
    const Error error = done ? Error{} : disk_error("fsync", path);
    ::close(descriptor);
    return done ? Result<void>{} : error;
}

Result<void> sync_to_disk(const std::vector<fs::path>& paths)
{
    constexpr std::size_t k_threads = 8;
    return in_parallel(paths.size(), k_threads, [&](std::size_t i) {
        return sync_to_disk(paths[i]);
    });
}

/// Every directory below `to`, those above others first.
std::set<fs::path> directories_of(const std::vector<ReleaseFile>& files, const fs::path& to)
{
    std::set<fs::path> directories;
    for (const ReleaseFile& file : files) {
        for (fs::path up = fs::path{file.path}.parent_path(); !up.empty(); up = up.parent_path()) {
            directories.insert(to / up);
        }
    }
    return directories;
}

Result<void> make_directories(const std::set<fs::path>& directories)
{
    for (const fs::path& directory : directories) {
        std::error_code failed;
        fs::create_directory(directory, failed);
        if (!failed) {
            fs::permissions(directory, k_directory_mode, failed);
        }
        if (failed) {
            return disk_error("make", directory, failed);
        }
    }
    return {};
}

Result<void> bring(const fs::path& source, const fs::path& to)
{
    std::error_code failed;
    if (!fs::is_regular_file(fs::symlink_status(source, failed))) {
        return failed ? disk_error("look at", source, failed)
                      : Error{Errc::invalid_input, source.string() + " is not a regular file"};
    }
    if (::link(source.c_str(), to.c_str()) != 0) {
        const fs::file_time_type time = fs::last_write_time(source, failed);
        if (!failed) {
            fs::copy_file(source, to, failed);
        }
        if (!failed) {
            fs::last_write_time(to, time, failed);
        }
    }
    if (!failed) {
        fs::permissions(to, k_file_mode, failed);
    }
    return failed ? Result<void>{disk_error("copy to", to, failed)} : Result<void>{};
}

bool leads_out(const fs::path& path)
{
    return path.empty() || path.is_absolute() || path != path.lexically_normal() ||
           *path.begin() == "..";
}

Result<void>
fill_tree(const std::vector<ReleaseFile>& files, const fs::path& to, const BlobStore& blobs)
{
    const auto outside = std::find_if(files.begin(), files.end(), [](const ReleaseFile& file) {
        return leads_out(file.path);
    });
    if (outside != files.end()) {
        return Error{Errc::invalid_input, "a release cannot have a file " + outside->path};
    }
    const std::set<fs::path> directories = directories_of(files, to);
    if (auto made = make_directories(directories); made.has_error()) {
        return made;
    }
    std::vector<const ReleaseFile*> fresh;
    for (const ReleaseFile& file : files) {
        if (blobs.link({file.content, file.form}, file.bytes, to / file.path)) {
            continue;
        }
        if (auto brought = bring(file.source, to / file.path); brought.has_error()) {
            return brought;
        }
        fresh.push_back(&file);
    }
    // After all copies: by then the kernel has written most of it, and syncs are short.
    std::vector<fs::path> written;
    for (const ReleaseFile* const file : fresh) {
        written.push_back(to / file->path);
    }
    written.insert(written.end(), directories.begin(), directories.end());
    written.push_back(to);
    if (auto synced = sync_to_disk(written); synced.has_error()) {
        return synced;
    }
    for (const ReleaseFile* const file : fresh) {
        blobs.keep({file->content, file->form}, to / file->path);
    }
    return {};
}

Result<void> remove_leftovers(const fs::path& of)
{
    const std::string unfinished = std::string{k_new} + of.filename().string() + '-';
    const std::string replaced = std::string{k_old} + of.filename().string();
    std::error_code failed;
    fs::directory_iterator items{of.parent_path(), failed};
    std::vector<fs::path> leftovers;
    while (!failed && items != fs::directory_iterator{}) {
        const std::string name = items->path().filename().string();
        const bool is_unfinished =
            name.starts_with(unfinished) && name.size() == unfinished.size() + k_random_letters;
        if (is_unfinished || name == replaced) {
            leftovers.push_back(items->path());
        }
        items.increment(failed);
    }
    for (const fs::path& leftover : leftovers) {
        if (!failed) {
            fs::remove_all(leftover, failed);
        }
    }
    if (failed) {
        return disk_error("clear leftovers in", of.parent_path(), failed);
    }
    return {};
}

/// Renames `fresh` to `to`; what was there is moved aside and removed.
Result<void> move_into_place(const fs::path& fresh, const fs::path& to)
{
    std::error_code failed;
    if (fs::exists(fs::symlink_status(to, failed))) {
        const fs::path aside = to.parent_path() / (std::string{k_old} + to.filename().string());
        // Exchanged, so that there is no moment without the directory.
        if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) != 0) {
            return disk_error("exchange", to);
        }
        fs::rename(fresh, aside, failed);
        if (!failed) {
            fs::remove_all(aside, failed);
        }
    } else {
        fs::rename(fresh, to, failed);
    }
    if (failed) {
        return disk_error("put in place", to, failed);
    }
    return sync_to_disk(to.parent_path());
}

}  // namespace

Result<void>
place_tree(const std::vector<ReleaseFile>& files, const fs::path& to, const BlobStore& blobs)
{
    std::error_code failed;
    fs::create_directories(to.parent_path(), failed);
    if (failed) {
        return disk_error("make", to.parent_path(), failed);
    }
    if (auto cleared = remove_leftovers(to); cleared.has_error()) {
        return cleared;
    }
    std::string fresh =
        (to.parent_path() / (std::string{k_new} + to.filename().string() + "-XXXXXX")).string();
    if (::mkdtemp(fresh.data()) == nullptr) {
        return disk_error("make", fresh);
    }
    auto placed = fill_tree(files, fresh, blobs);
    if (placed.has_value()) {
        fs::permissions(fresh, k_directory_mode, failed);
        placed = failed ? disk_error("open", fresh, failed) : move_into_place(fresh, to);
    }
    if (placed.has_error()) {
        fs::remove_all(fresh, failed);  // best effort: the next call removes what is left
    }
    return placed;
}

Result<void> point_link(const fs::path& link, const fs::path& target, const std::string& unique)
{
    std::error_code failed;
    fs::create_directories(link.parent_path(), failed);
    if (failed) {
        return disk_error("make", link.parent_path(), failed);
    }
    if (fs::read_symlink(link, failed) == target) {
        return {};
    }
    const fs::path fresh =
        link.parent_path() / (std::string{k_new} + link.filename().string() + '-' + unique);
    fs::remove(fresh, failed);
    if (!failed) {
        fs::create_symlink(target, fresh, failed);
    }
    if (!failed) {
        fs::rename(fresh, link, failed);
    }
    if (failed) {
        return disk_error("point", link, failed);
    }
    return sync_to_disk(link.parent_path());
}

Result<void> remove_link(const fs::path& link)
{
    std::error_code failed;
    if (!fs::remove(link, failed)) {
        return failed ? Result<void>{disk_error("remove", link, failed)} : Result<void>{};
    }
    return sync_to_disk(link.parent_path());
}

}  // namespace libra
