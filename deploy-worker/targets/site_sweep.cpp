#include "deploy-worker/targets/site_sweep.hpp"

#include "deploy-worker/process/unique_fd.hpp"

#include <cerrno>
#include <fcntl.h>
#include <functional>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace libra {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_gone{".gone-"};

Error disk_error(std::string_view what, const fs::path& path, const std::error_code& code)
{
    return {Errc::unavailable, std::string{what} + ' ' + path.string() + ": " + code.message()};
}

Result<void> remove_whole(const fs::path& path)
{
    std::error_code failed;
    fs::remove_all(path, failed);
    const bool raced = failed == std::errc::no_such_file_or_directory;
    return failed && !raced ? Result<void>{disk_error("remove", path, failed)} : Result<void>{};
}

/// `take` is called for each entry; its failure does not keep it from the others.
Result<void> each_entry(
    const fs::path& directory,
    const std::stop_token& stop,
    const std::function<Result<void>(const fs::path&)>& take
)
{
    std::error_code failed;
    if (!fs::exists(directory, failed)) {
        return {};
    }
    Result<void> outcome;
    fs::directory_iterator items{directory, failed};
    while (!failed && items != fs::directory_iterator{} && !stop.stop_requested()) {
        if (auto taken = take(items->path()); taken.has_error()) {
            outcome = taken;
        }
        items.increment(failed);
    }
    return failed ? Result<void>{disk_error("list", directory, failed)} : outcome;
}

bool leads_nowhere(const fs::path& link)
{
    std::error_code failed;
    return fs::is_symlink(fs::symlink_status(link, failed)) && !fs::exists(link, failed) && !failed;
}

/// Another worker may point the link to a release again at this moment; that link stays.
Result<void> remove_dead_host(const fs::path& host)
{
    const fs::path link = host / "current";
    if (!leads_nowhere(link)) {
        return {};
    }
    const fs::path aside = host / ".gone-current";
    if (::rename(link.c_str(), aside.c_str()) != 0) {
        return {};
    }
    if (!leads_nowhere(aside)) {
        return ::rename(aside.c_str(), link.c_str()) == 0
                   ? Result<void>{}
                   : Error{Errc::unavailable, errno_text("restore " + link.string(), errno)};
    }
    ::unlink(aside.c_str());
    ::rmdir(host.c_str());  // where there is a ticket it stays
    return {};
}

}  // namespace

Result<std::vector<std::string>> list_releases(const fs::path& releases)
{
    std::vector<std::string> names;
    const auto listed = each_entry(releases, {}, [&](const fs::path& path) -> Result<void> {
        const std::string name = path.filename().string();
        if (!name.starts_with('.')) {
            names.push_back(name);
        }
        return {};
    });
    if (listed.has_error()) {
        return listed.error();
    }
    return names;
}

Result<void> discard_tree(const fs::path& release)
{
    const fs::path gone =
        release.parent_path() / (std::string{k_gone} + release.filename().string());
    if (::rename(release.c_str(), gone.c_str()) != 0 && errno != ENOENT) {
        // A removal that was interrupted is in the way.
        if (auto removed = remove_whole(gone); removed.has_error()) {
            return removed;
        }
        if (::rename(release.c_str(), gone.c_str()) != 0 && errno != ENOENT) {
            return Error{Errc::unavailable, errno_text("remove " + release.string(), errno)};
        }
    }
    return remove_whole(gone);
}

Result<void> clear_half_made(const fs::path& releases, UtcTime before, const std::stop_token& stop)
{
    const std::time_t latest = std::chrono::system_clock::to_time_t(before);
    return each_entry(releases, stop, [&](const fs::path& path) -> Result<void> {
        const std::string name = path.filename().string();
        const bool half_made = name.starts_with(".new-") || name.starts_with(".old-");
        struct stat status {};
        if (name.starts_with(k_gone) ||
            (half_made && ::lstat(path.c_str(), &status) == 0 && status.st_ctim.tv_sec < latest)) {
            return remove_whole(path);
        }
        return {};
    });
}

Result<void> remove_dead_previews(const fs::path& sites_root, const std::stop_token& stop)
{
    return each_entry(sites_root, stop, [](const fs::path& host) -> Result<void> {
        const std::string name = host.filename().string();
        return name.find("--") != std::string::npos ? remove_dead_host(host) : Result<void>{};
    });
}

}  // namespace libra
