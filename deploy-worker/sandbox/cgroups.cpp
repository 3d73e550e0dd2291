#include "deploy-worker/sandbox/cgroups.hpp"

#include "deploy-worker/sandbox/host_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <set>
#include <sstream>

namespace libra {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> k_needed{"memory", "pids", "cpu"};

struct Setting {
    const char* file;
    std::string value;
    bool optional{};  // where the kernel has no such file, there is nothing to be limited
};

std::vector<Setting> settings_of(const CgroupHierarchy& hierarchy, const SandboxLimits& limits)
{
    constexpr int k_period = 100'000;
    const std::string memory = std::to_string(limits.memory_bytes);
    const std::string processes = std::to_string(limits.processes);
    const std::string quota = std::to_string(k_period / 100 * limits.cpu_percent);
    if (hierarchy.version2) {
        return {
            {"memory.max", memory},
            {"memory.swap.max", "0", true},
            {"pids.max", processes},
            {"cpu.max", quota + ' ' + std::to_string(k_period)}};
    }
    const auto has = [&](std::string_view controller) {
        const auto& all = hierarchy.controllers;
        return std::find(all.begin(), all.end(), controller) != all.end();
    };
    std::vector<Setting> settings;
    if (has("memory")) {
        settings.push_back({"memory.limit_in_bytes", memory});
        settings.push_back({"memory.memsw.limit_in_bytes", memory, true});
    }
    if (has("pids")) {
        settings.push_back({"pids.max", processes});
    }
    if (has("cpu")) {
        settings.push_back({"cpu.cfs_period_us", std::to_string(k_period)});
        settings.push_back({"cpu.cfs_quota_us", quota});
    }
    return settings;
}

/// The parts that are not empty.
std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    std::istringstream stream{std::string{text}};
    for (std::string part; std::getline(stream, part, separator);) {
        if (!part.empty()) {
            parts.push_back(part);
        }
    }
    return parts;
}

std::uint64_t number(std::string_view text)
{
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// The group's directory and those below it, the deepest first.
std::vector<fs::path> directories_of(const fs::path& group)
{
    std::vector<fs::path> found;
    std::error_code gone;
    if (fs::is_directory(group, gone)) {
        found.push_back(group);
        for (auto at = fs::recursive_directory_iterator{group, gone};
             at != fs::recursive_directory_iterator{};
             at.increment(gone)) {
            if (at->is_directory(gone)) {
                found.push_back(at->path());
            }
        }
    }
    std::reverse(found.begin(), found.end());
    return found;
}

/// @return whether the group is gone.
bool try_remove(const fs::path& group)
{
    for (const fs::path& directory : directories_of(group)) {
        for (const std::string& pid : split(read_host_file(directory / "cgroup.procs"), '\n')) {
            if (const auto process = static_cast<pid_t>(number(pid)); process > 1) {
                ::kill(process, SIGKILL);
            }
        }
        std::error_code busy;
        fs::remove(directory, busy);
    }
    std::error_code ignored;
    return !fs::exists(group, ignored);
}

}  // namespace

std::vector<CgroupHierarchy> parse_cgroup_mounts(std::string_view mountinfo)
{
    std::vector<CgroupHierarchy> found;
    for (const std::string& line : split(mountinfo, '\n')) {
        // 36 25 0:31 / /sys/fs/cgroup/memory rw,relatime shared:1 - cgroup cgroup rw,memory
        const std::size_t separator = line.find(" - ");
        if (separator == std::string::npos) {
            continue;
        }
        const auto mount = split(std::string_view{line}.substr(0, separator), ' ');
        const auto source = split(std::string_view{line}.substr(separator + 3), ' ');
        if (mount.size() < 5 || source.size() < 3) {
            continue;
        }
        if (source[0] == "cgroup2") {
            found.push_back({.mount_point = mount[4], .version2 = true});
        } else if (source[0] == "cgroup") {
            found.push_back({.mount_point = mount[4], .controllers = split(source[2], ',')});
        }
    }
    return found;
}

std::uint64_t counter_value(std::string_view file, std::string_view key)
{
    for (const std::string& line : split(file, '\n')) {
        if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == ' ') {
            return number(std::string_view{line}.substr(key.size() + 1));
        }
    }
    return 0;
}

Cgroups::Cgroups(std::vector<CgroupHierarchy> hierarchies) : hierarchies_{std::move(hierarchies)}
{
    for (CgroupHierarchy& hierarchy : hierarchies_) {
        if (hierarchy.version2) {
            std::string list = read_host_file(hierarchy.mount_point + "/cgroup.controllers");
            std::replace(list.begin(), list.end(), '\n', ' ');
            hierarchy.controllers = split(list, ' ');
        }
    }
}

Cgroups Cgroups::of_host()
{
    return Cgroups{parse_cgroup_mounts(read_host_file("/proc/self/mountinfo"))};
}

const CgroupHierarchy* Cgroups::hierarchy_of(std::string_view controller) const
{
    const auto found = std::find_if(hierarchies_.begin(), hierarchies_.end(), [&](const auto& one) {
        return std::find(one.controllers.begin(), one.controllers.end(), controller) !=
               one.controllers.end();
    });
    return found == hierarchies_.end() ? nullptr : &*found;
}

std::vector<std::string> Cgroups::missing_controllers() const
{
    std::vector<std::string> missing;
    for (const std::string_view needed : k_needed) {
        if (hierarchy_of(needed) == nullptr) {
            missing.emplace_back(needed);
        }
    }
    return missing;
}

std::optional<std::string> Cgroups::mount_to_hide() const
{
    const CgroupHierarchy* second = nullptr;
    bool has_first = false;
    for (const CgroupHierarchy& hierarchy : hierarchies_) {
        if (!hierarchy.version2) {
            has_first = true;
        } else if (!hierarchy.controllers.empty()) {
            second = &hierarchy;
        }
    }
    return has_first && second != nullptr ? std::optional{second->mount_point} : std::nullopt;
}

std::string
Cgroups::read(std::string_view controller, const std::string& name, const char* file) const
{
    const CgroupHierarchy* hierarchy = hierarchy_of(controller);
    return hierarchy == nullptr ? std::string{}
                                : read_host_file(fs::path{hierarchy->mount_point} / name / file);
}

GroupUse Cgroups::use(const std::string& name) const
{
    const CgroupHierarchy* memory = hierarchy_of("memory");
    const bool v2 = memory != nullptr && memory->version2;
    const char* const events = v2 ? "memory.events" : "memory.oom_control";
    const char* const peak = v2 ? "memory.peak" : "memory.max_usage_in_bytes";
    return {
        .oom_kills = counter_value(read("memory", name, events), "oom_kill"),
        .peak_bytes = number(read("memory", name, peak)),
        .refused_processes = counter_value(read("pids", name, "pids.events"), "max")};
}

std::vector<const CgroupHierarchy*> Cgroups::limiting() const
{
    std::vector<const CgroupHierarchy*> found;
    for (const std::string_view controller : k_needed) {
        const CgroupHierarchy* hierarchy = hierarchy_of(controller);
        if (hierarchy != nullptr &&
            std::find(found.begin(), found.end(), hierarchy) == found.end()) {
            found.push_back(hierarchy);
        }
    }
    return found;
}

Result<void> Cgroups::create(const std::string& name, const SandboxLimits& limits) const
{
    for (const CgroupHierarchy* hierarchy : limiting()) {
        const fs::path root = hierarchy->mount_point;
        if (hierarchy->version2) {
            // Refused where it is so already and cannot be changed; the limits below will tell.
            (void)write_host_file(root / "cgroup.subtree_control", "+memory +pids +cpu", 0);
        }
        if (Result<void> made = make_host_directory(root / name, 0755); !made) {
            return made;
        }
        for (const Setting& setting : settings_of(*hierarchy, limits)) {
            const fs::path file = root / name / setting.file;
            std::error_code gone;
            if (setting.optional && !fs::exists(file, gone)) {
                continue;
            }
            if (Result<void> set = write_host_file(file, setting.value, 0); !set) {
                return set;
            }
        }
    }
    return {};
}

std::vector<std::string> Cgroups::member_files(const std::string& name) const
{
    std::vector<std::string> files;
    for (const CgroupHierarchy* hierarchy : limiting()) {
        files.push_back((fs::path{hierarchy->mount_point} / name / "cgroup.procs").string());
    }
    return files;
}

std::string Cgroups::counted_member_file(const std::string& name) const
{
    const CgroupHierarchy* hierarchy = hierarchy_of("pids");
    return hierarchy == nullptr
               ? std::string{}
               : (fs::path{hierarchy->mount_point} / name / "cgroup.procs").string();
}

Result<void> Cgroups::remove(const std::string& name, Clock& clock) const
{
    using namespace std::chrono_literals;
    const Instant deadline = clock.now() + 2s;
    for (const CgroupHierarchy& hierarchy : hierarchies_) {
        const fs::path group = fs::path{hierarchy.mount_point} / name;
        while (!try_remove(group)) {
            if (clock.now() >= deadline) {
                return Error{Errc::unavailable, "cannot remove the cgroup " + group.string()};
            }
            clock.wait_for(5ms, {});
        }
    }
    return {};
}

std::vector<std::string> Cgroups::names(std::string_view prefix) const
{
    std::set<std::string> found;
    for (const CgroupHierarchy& hierarchy : hierarchies_) {
        std::error_code gone;
        for (const auto& entry : fs::directory_iterator{hierarchy.mount_point, gone}) {
            if (entry.path().filename().string().starts_with(prefix) && entry.is_directory(gone)) {
                found.insert(entry.path().filename().string());
            }
        }
    }
    return {found.begin(), found.end()};
}

}  // namespace libra
