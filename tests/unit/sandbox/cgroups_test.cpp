#include "deploy-worker/sandbox/cgroups.hpp"

#include "tests/support/scratch_tree.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

namespace libra {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;
using testing::ScratchTree;

constexpr std::string_view k_hybrid =
    "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
    "30 22 0:26 / /sys/fs/cgroup rw shared:9 - tmpfs tmpfs rw,mode=755\n"
    "31 30 0:27 / /sys/fs/cgroup/unified rw shared:10 - cgroup2 cgroup2 rw\n"
    "32 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw shared:11 - cgroup cgroup rw,cpu,cpuacct\n"
    "33 30 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    "a line that is none\n";

TEST_CASE("cgroup mounts of both versions are found among the others")
{
    const auto found = parse_cgroup_mounts(k_hybrid);

    REQUIRE(found.size() == 3);
    CHECK(found[0] == CgroupHierarchy{.mount_point = "/sys/fs/cgroup/unified", .version2 = true});
    CHECK(found[1].mount_point == "/sys/fs/cgroup/cpu,cpuacct");
    CHECK(found[1].controllers == Names{"rw", "cpu", "cpuacct"});
    CHECK(found[2].controllers == Names{"rw", "memory"});
}

TEST_CASE("a counter is found by its whole key")
{
    CHECK(counter_value("oom_kill_disable 1\nunder_oom 0\noom_kill 3\n", "oom_kill") == 3);
    CHECK(counter_value("low 0\noom 2\noom_kill 1\n", "oom") == 2);
    CHECK(counter_value("low 0\n", "oom_kill") == 0);
    CHECK(counter_value("", "oom_kill") == 0);
}

TEST_CASE("a version 2 mount is hidden only beside version 1, and only if it has controllers")
{
    const ScratchTree host;
    const std::string unified = host.path() / "unified";
    const CgroupHierarchy second{.mount_point = unified, .version2 = true};
    const CgroupHierarchy first{.mount_point = "/v1", .controllers = {"memory", "pids", "cpu"}};

    SECTION("with controllers in both")
    {
        host.write("unified/cgroup.controllers", "hugetlb\n");
        CHECK((Cgroups{{second, first}}.mount_to_hide()) == unified);
        CHECK_FALSE((Cgroups{{second}}.mount_to_hide().has_value()));
    }

    SECTION("without controllers")
    {
        host.write("unified/cgroup.controllers", "\n");
        CHECK_FALSE((Cgroups{{second, first}}.mount_to_hide().has_value()));
    }
}

TEST_CASE("missing controllers are named")
{
    const ScratchTree host;
    host.write("cgroup.controllers", "cpuset cpu io\n");
    const Cgroups cgroups{{{.mount_point = host.path(), .version2 = true}}};

    CHECK(cgroups.missing_controllers() == Names{"memory", "pids"});
}

TEST_CASE("a group is made with its limits where the host's version keeps them")
{
    const ScratchTree host;
    const SandboxLimits limits{.memory_bytes = 4096, .processes = 7, .cpu_percent = 150};

    SECTION("version 1")
    {
        const Cgroups cgroups{
            {{.mount_point = host.path() / "memory", .controllers = {"memory"}},
             {.mount_point = host.path() / "both", .controllers = {"cpu", "cpuacct", "pids"}},
             {.mount_point = host.path() / "other", .controllers = {"blkio"}}}};
        fs::create_directories(host.path() / "memory");
        fs::create_directories(host.path() / "both");
        REQUIRE(cgroups.create("box", limits).has_value());
        CHECK(host.read("memory/box/memory.limit_in_bytes") == "4096");
        CHECK(cgroups.counted_member_file("box") == host.path() / "both/box/cgroup.procs");
        CHECK(host.read("both/box/pids.max") == "7");
        CHECK(host.read("both/box/cpu.cfs_quota_us") == "150000");
        CHECK_FALSE(fs::exists(host.path() / "other/box"));
        CHECK(
            cgroups.member_files("box") ==
            Names{host.path() / "memory/box/cgroup.procs", host.path() / "both/box/cgroup.procs"}
        );
    }

    SECTION("version 2")
    {
        host.write("cgroup.controllers", "cpu memory pids\n");
        const Cgroups cgroups{{{.mount_point = host.path(), .version2 = true}}};
        REQUIRE(cgroups.create("box", limits).has_value());
        CHECK(host.read("box/memory.max") == "4096");
        CHECK(host.read("box/pids.max") == "7");
        CHECK(host.read("box/cpu.max") == "150000 100000");
        CHECK(cgroups.member_files("box") == Names{host.path() / "box/cgroup.procs"});
    }

    SECTION("nowhere")
    {
        const Cgroups cgroups{{{.mount_point = host.path() / "none", .controllers = {"pids"}}}};
        CHECK(cgroups.create("box", limits).error().code == Errc::unavailable);
    }
}

TEST_CASE("refused processes are counted")
{
    const ScratchTree host;
    host.write("box/pids.events", "max 7\n");
    const Cgroups cgroups{{{.mount_point = host.path(), .controllers = {"pids"}}}};

    CHECK(cgroups.use("box").refused_processes == 7);
    CHECK(cgroups.use("gone").refused_processes == 0);
}

TEST_CASE("memory use is read where the host's version keeps it")
{
    const ScratchTree host;

    SECTION("version 1")
    {
        host.write("box/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
        host.write("box/memory.max_usage_in_bytes", "4096\n");
        const Cgroups cgroups{{{.mount_point = host.path(), .controllers = {"memory"}}}};
        CHECK(cgroups.use("box").oom_kills == 2);
        CHECK(cgroups.use("box").peak_bytes == 4096);
    }

    SECTION("version 2")
    {
        host.write("cgroup.controllers", "memory\n");
        host.write("box/memory.events", "oom 1\noom_kill 5\n");
        host.write("box/memory.peak", "8192\n");
        const Cgroups cgroups{{{.mount_point = host.path(), .version2 = true}}};
        CHECK(cgroups.use("box").oom_kills == 5);
        CHECK(cgroups.use("box").peak_bytes == 8192);
        CHECK(cgroups.use("gone").peak_bytes == 0);
    }
}

}  // namespace
}  // namespace libra
