#include "deploy-worker/sandbox/local_host.hpp"

#include "deploy-worker/sandbox/disk.hpp"
#include "deploy-worker/sandbox/layer.hpp"
#include "deploy-worker/sandbox/network.hpp"

#include <set>

namespace libra {
namespace {

namespace fs = std::filesystem;

/// The files of the directory and the directory itself. Never goes into a directory below it: if
/// one is still a mount point, what is mounted there is not ours to delete.
Result<void> remove_directory(const fs::path& directory)
{
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator{directory, failed}) {
        fs::remove(entry.path(), failed);
    }
    fs::remove(directory, failed);
    std::error_code ignored;
    if (fs::exists(directory, ignored)) {
        return Error{
            Errc::unavailable, "cannot remove " + directory.string() + ": " + failed.message()};
    }
    return {};
}

/// One spelling for one directory: its text is part of every name, and crun gets it as it is.
LocalSandboxConfig with_plain_path(LocalSandboxConfig config)
{
    fs::path path = fs::absolute(config.state_directory).lexically_normal();
    config.state_directory = path.has_filename() ? path : path.parent_path();
    return config;
}

}  // namespace

LocalHost::LocalHost(LocalSandboxConfig with, Clock& time, Log to)
    : config{with_plain_path(std::move(with))},
      prefix{sandbox_prefix(config)},
      cgroups{Cgroups::of_host()},
      runtime{make_runtime(config, cgroups, time)},
      clock{time},
      log{std::move(to)}
{
}

Result<void> tear_down(const LocalHost& host, const SandboxPlace& place)
{
    std::string failures;
    const auto note = [&failures](const Result<void>& outcome) {
        if (!outcome) {
            failures += (failures.empty() ? "" : "; ") + outcome.error().detail;
        }
    };
    note(host.runtime->remove(place));
    note(host.cgroups.remove(place.name, host.clock));
    note(remove_network_namespace(place));
    note(unmount_disk(place, host.clock));
    note(unmount_images(place, host.clock));
    if (failures.empty()) {
        note(remove_directory(place.directory));
    }
    return failures.empty() ? Result<void>{}
                            : Error{Errc::unavailable, place.name + ": " + failures};
}

std::vector<std::string> sandbox_names(const LocalHost& host, const std::string& prefix)
{
    std::set<std::string> found;
    for (const auto& names :
         {host.runtime->names(prefix), host.cgroups.names(prefix), network_namespaces(prefix)}) {
        found.insert(names.begin(), names.end());
    }
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator{host.config.state_directory / "live", gone}) {
        if (entry.path().filename().string().starts_with(prefix)) {
            found.insert(entry.path().filename().string());
        }
    }
    return {found.begin(), found.end()};
}

}  // namespace libra
