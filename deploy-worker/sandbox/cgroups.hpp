#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file The host's control groups: version 1, version 2, or both at once.
///
/// crun makes a sandbox's group, `/NAME` in every hierarchy. Here its counters are read and what is
/// left of it is removed.

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

struct MemoryUse {
    std::uint64_t oom_kills{};
    std::uint64_t peak_bytes{};  // 0 when the kernel does not say
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

    MemoryUse memory(const std::string& name) const;

    /// Kills whatever runs in the group and removes it, in every hierarchy. Waits up to 2 s.
    /// @return `unavailable` if something of it stays.
    Result<void> remove(const std::string& name, Clock& clock) const;

    /// Names of groups that begin with `prefix`.
    std::vector<std::string> names(std::string_view prefix) const;

private:
    bool has(const std::string& controller) const;

    std::vector<CgroupHierarchy> hierarchies_;
};

}  // namespace libra
