#include "deploy-worker/targets/release_tree.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <map>
#include <sys/stat.h>
#include <system_error>
#include <tuple>
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

struct Entry {
    bool directory{};
    std::uintmax_t bytes{};
    fs::file_time_type time{};

    bool operator==(const Entry&) const = default;
};

using Entries = std::map<std::string, Entry>;  // a directory comes before what is in it

Error disk_error(std::string_view what, const fs::path& path, const std::error_code& code)
{
    return {Errc::unavailable, std::string{what} + ' ' + path.string() + ": " + code.message()};
}

Error disk_error(std::string_view what, const fs::path& path)
{
    return disk_error(what, path, {errno, std::generic_category()});
}

Result<Entry> describe(const fs::directory_entry& item)
{
    std::error_code failed;
    const fs::file_status status = item.symlink_status(failed);
    Entry entry{.directory = fs::is_directory(status)};
    if (!failed && fs::is_regular_file(status)) {
        entry.bytes = item.file_size(failed);
        entry.time = failed ? entry.time : item.last_write_time(failed);
    } else if (!failed && !entry.directory) {
        return Error{Errc::invalid_input, item.path().string() + " is not a regular file"};
    }
    if (failed) {
        return disk_error("look at", item.path(), failed);
    }
    return entry;
}

Result<Entries> list_tree(const fs::path& directory)
{
    Entries entries;
    std::error_code failed;
    fs::recursive_directory_iterator items{directory, failed};
    while (!failed && items != fs::recursive_directory_iterator{}) {
        const auto entry = describe(*items);
        if (entry.has_error()) {
            return entry.error();
        }
        entries.emplace(items->path().lexically_relative(directory).generic_string(), *entry);
        items.increment(failed);
    }
    if (failed) {
        return disk_error("list", directory, failed);
    }
    return entries;
}

Result<void> copy_entry(const fs::path& from, const fs::path& to, const Entry& entry)
{
    std::error_code failed;
    if (entry.directory) {
        fs::create_directory(to, failed);
    } else {
        fs::copy_file(from, to, failed);
        if (!failed) {
            fs::last_write_time(to, entry.time, failed);
        }
    }
    if (!failed) {
        fs::permissions(to, entry.directory ? k_directory_mode : k_file_mode, failed);
    }
    if (failed) {
        return disk_error("copy to", to, failed);
    }
    return {};
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

Result<void> copy_tree(const fs::path& from, const fs::path& to)
{
    const auto entries = list_tree(from);
    if (entries.has_error()) {
        return entries.error();
    }
    for (const auto& [path, entry] : *entries) {
        if (auto copied = copy_entry(from / path, to / path, entry); copied.has_error()) {
            return copied;
        }
    }
    // After all copies: by then the kernel has written most of it, and syncs are short.
    for (const auto& [path, entry] : *entries) {
        if (auto synced = sync_to_disk(to / path); synced.has_error()) {
            return synced;
        }
    }
    return sync_to_disk(to);
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

Result<void> place_tree(const fs::path& from, const fs::path& to)
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
    auto placed = copy_tree(from, fresh);
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
