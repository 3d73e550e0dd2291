#pragma once

#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file The host's control groups: version 1, version 2, or both at once.
///
/// A sandbox's group is `/NAME` in every hierarchy. crun makes it itself; for runsc it is made
/// here. Its counters are read, and what is left of it is removed.

namespace libra {

struct CgroupHierarchy {
    std::string mount_point{};
    bool version2{};
    std::vector<std::string> controllers{};  // of version 1 only; in version 2 a file lists them

    bool operator==(const CgroupHierarchy&) const = default;
};

/// The cgroup mounts of a /proc/self/mountinfo.
std::vector<CgroupHierarchy> parse_cgroup_mounts(std::string_view mountinfo);

/// The number after `key` in a file of `key number` lines; 0 if it is not there.
std::uint64_t counter_value(std::string_view file, std::string_view key);

struct GroupUse {
    std::uint64_t oom_kills{};
    std::uint64_t peak_bytes{};         // of memory; 0 when the kernel does not say
    std::uint64_t refused_processes{};  // and threads, for the limit of their number
};

/// Thread-safe: nothing changes after the constructor.
class Cgroups {
public:
    explicit Cgroups(std::vector<CgroupHierarchy> hierarchies);

    /// Of this host, now.
    static Cgroups of_host();

    /// Controllers a sandbox needs and this host lacks, out of memory, pids and cpu.
    std::vector<std::string> missing_controllers() const;

    /// The version 2 mount of a host that has both versions and controllers in both. crun 1.8
    /// refuses such a host, and works where it cannot see that mount.
    std::optional<std::string> mount_to_hide() const;

    GroupUse use(const std::string& name) const;

    /// Makes the group with these limits. @return `unavailable` if one of them cannot be set.
    Result<void> create(const std::string& name, const SandboxLimits& limits) const;

    /// The files into which a process writes its id to become a member of what `create` made.
    std::vector<std::string> member_files(const std::string& name) const;

    /// That of them for who is to end with the group and use none of its memory and time, where
    /// the host's version can tell these apart.
    std::string counted_member_file(const std::string& name) const;

    /// Kills whatever runs in the group and removes it, in every hierarchy. Waits up to 2 s.
    /// @return `unavailable` if something of it stays.
    Result<void> remove(const std::string& name, Clock& clock) const;

    /// Names of groups that begin with `prefix`.
    std::vector<std::string> names(std::string_view prefix) const;

private:
    std::vector<const CgroupHierarchy*> limiting() const;
    const CgroupHierarchy* hierarchy_of(std::string_view controller) const;
    std::string read(std::string_view controller, const std::string& name, const char* file) const;

    std::vector<CgroupHierarchy> hierarchies_;
};

}  // namespace libra
