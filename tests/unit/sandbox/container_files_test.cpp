#include "deploy-worker/sandbox/container_files.hpp"

#include "shared/domain/variable_rules.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace libra {
namespace {

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

TEST_CASE("a container's configuration carries its own names, ids and limits")
{
    const SandboxPlace place{.name = "box", .directory = "/state/live/box"};

    const std::string config = container_config(
        place,
        {.root = "/state/rootfs",
         .limits = {.memory_bytes = 1000, .processes = 7, .cpu_percent = 150},
         .first_uid = 300'000},
        {.recursive_options = true}
    );

    CHECK(contains(config, R"("path": "/state/rootfs", "readonly": true)"));
    CHECK(contains(config, R"("source": "/state/live/box/disk/work")"));
    CHECK(contains(config, R"("path": "/run/netns/box")"));
    CHECK(contains(config, R"("cgroupsPath": "/box")"));
    CHECK(contains(config, R"("hostID": 300000, "size": 65536)"));
    CHECK(contains(config, R"("limit": 1000, "swap": 1000)"));
    CHECK(contains(config, R"("pids": { "limit": 7 })"));
    CHECK(contains(config, R"("quota": 150000, "period": 100000)"));
    CHECK(contains(config, R"("source": "/state/live/box/hosts")"));
    CHECK(contains(config, R"("rbind", "rprivate", "rro", "rnosuid", "rnodev")"));
    CHECK_FALSE(contains(config, "@"));
}

TEST_CASE("a runtime that is started in the namespaces finds none of them in the configuration")
{
    const std::string config = container_config(
        {.name = "box", .directory = "/state"}, {.first_uid = 300'000}, {.namespaces_entered = true}
    );

    CHECK_FALSE(contains(config, "/run/netns"));
    CHECK_FALSE(contains(config, R"("type": "user")"));
    CHECK_FALSE(contains(config, "300000"));
    CHECK(contains(config, R"("rbind", "rprivate", "ro", "nosuid", "nodev")"));
}

TEST_CASE("system calls that change namespaces, mounts or other processes are not allowed")
{
    const std::string config = container_config({.name = "box", .directory = "/state"}, {}, {});
    const std::string calls = config.substr(config.find("\"syscalls\""));

    const auto* const name = GENERATE(
        "mount",
        "umount2",
        "pivot_root",
        "open_tree",
        "move_mount",
        "fsopen",
        "unshare",
        "setns",
        "ptrace",
        "process_vm_readv",
        "bpf",
        "perf_event_open",
        "keyctl",
        "io_uring_setup",
        "userfaultfd",
        "init_module",
        "kexec_load",
        "open_by_handle_at",
        "chroot",
        "socketcall"
    );
    CHECK(contains(calls, "\"openat2\""));
    CHECK_FALSE(contains(calls, '"' + std::string{name} + '"'));
}

TEST_CASE("a command's process has no rights and exactly the arguments it was given")
{
    const std::string process =
        process_config({.argv = {"npm", "run", "a \"b\""}, .directory = "/work/app"});

    CHECK(
        contains(process, R"(["/usr/bin/env", "--chdir=/work/app", "--", "npm", "run", "a \"b\""])")
    );
    CHECK(contains(process, R"("noNewPrivileges": true)"));
    CHECK(contains(process, R"("bounding": [], "effective": [])"));
    CHECK_FALSE(contains(process, "@"));
}

TEST_CASE("a command's own variables replace the sandbox's")
{
    const auto all = command_environment({"CI=0", "MINE=a=b"});

    CHECK(std::count(all.begin(), all.end(), "CI=0") == 1);
    CHECK(std::count(all.begin(), all.end(), "CI=1") == 0);
    CHECK(std::count(all.begin(), all.end(), "MINE=a=b") == 1);
    CHECK(std::count(all.begin(), all.end(), "HOME=/home/build") == 1);
}

TEST_CASE("nobody's variable may have the name of one that the sandbox sets")
{
    for (const std::string& variable : command_environment({})) {
        const std::string name = variable.substr(0, variable.find('='));
        CAPTURE(name);
        CHECK(variable_name_problem(name).has_value());
    }
}

TEST_CASE("a command's own directories are looked into before those of PATH")
{
    const std::string config = process_config({.argv = {"bun"}, .path = {"/tools/a", "/tools/b"}});

    CHECK(config.find("\"PATH=/tools/a:/tools/b:/home/build/.local/bin:") != std::string::npos);
    const std::string own =
        process_config({.argv = {"bun"}, .environment = {"PATH=/x"}, .path = {"/tools/a"}});
    CHECK(own.find("\"PATH=/tools/a:/x\"") != std::string::npos);
}

}  // namespace
}  // namespace libra
