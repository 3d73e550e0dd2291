#include "deploy-worker/process/program_path.hpp"
#include "deploy-worker/sandbox/egress.hpp"
#include "deploy-worker/sandbox/host_file.hpp"
#include "deploy-worker/sandbox/local_host.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <fcntl.h>
#include <linux/capability.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace libra {
namespace {

namespace fs = std::filesystem;

struct Prerequisite {
    const char* name;
    const char* package;  // of Debian
};

constexpr std::array k_tools{
    Prerequisite{"slirp4netns", "slirp4netns"},
    Prerequisite{"nft", "nftables"},
    Prerequisite{"ip", "iproute2"},
    Prerequisite{"mkfs.ext4", "e2fsprogs"},
    Prerequisite{"mount", "mount"},
    Prerequisite{"nsenter", "util-linux"},
    Prerequisite{"unshare", "util-linux"},
};

constexpr std::array k_devices{"/dev/net/tun", "/dev/loop-control"};

/// Programs that builds run from the host's /usr, the only one they see.
constexpr std::array k_build_programs{"/usr/bin/env", "/bin/sh", "node", "npm"};

void check_tool(
    const std::string& name,
    const std::string& package,
    std::vector<std::string>& problems
)
{
    if (!program_path(name)) {
        problems.push_back(name + " is not installed (Debian package " + package + ")");
    }
}

void check_build_programs(std::vector<std::string>& problems)
{
    for (const char* name : k_build_programs) {
        std::error_code gone;
        const auto path = program_path(name);
        const std::string real = path ? fs::canonical(*path, gone).string() : std::string{};
        if (!real.starts_with("/usr/")) {
            problems.push_back(
                std::string{name} + " is not installed below /usr, where sandboxes could use it"
            );
        }
    }
}

/// Between its start and its first exec a container's first process is open only to those that may
/// trace any process. crun 1.8.1 that cannot open its namespaces goes on in those of the worker.
void check_capabilities(std::vector<std::string>& problems)
{
    constexpr std::string_view k_label = "CapEff:\t";
    constexpr int k_hexadecimal = 16;
    const std::string status = read_host_file("/proc/self/status");
    const std::size_t line = status.find(k_label);
    std::uint64_t held = 0;
    if (line != std::string::npos) {
        const char* const digits = status.data() + line + k_label.size();
        std::from_chars(digits, status.data() + status.size(), held, k_hexadecimal);
    }
    if ((held >> static_cast<unsigned>(CAP_SYS_PTRACE) & 1U) == 0) {
        problems.emplace_back("the worker lacks the capability SYS_PTRACE, without which a command "
                              "may miss its sandbox");
    }
}

void check_state_directory(const fs::path& directory, std::vector<std::string>& problems)
{
    std::error_code failed;
    fs::create_directories(directory, failed);
    if (failed) {
        problems.push_back("cannot make " + directory.string() + ": " + failed.message());
        return;
    }
    for (fs::path path = fs::absolute(directory); path != path.root_path();
         path = path.parent_path()) {
        struct stat info {};

        if (::stat(path.c_str(), &info) == 0 &&
            (info.st_mode & static_cast<mode_t>(S_IXOTH)) == 0) {
            problems.push_back(
                path.string() +
                " is closed to other users, and a sandbox's user must pass through; "
                "`chmod o+x` it or choose another sandbox state directory"
            );
        }
    }
}

}  // namespace

std::vector<std::string> host_problems(const LocalHost& host)
{
    std::vector<std::string> problems;
    if (::geteuid() != 0) {
        problems.emplace_back("the worker does not run as root, which making sandboxes needs");
    }
    check_capabilities(problems);
    const std::string runtime = host.runtime->name();
    check_tool(runtime, runtime, problems);
    for (const Prerequisite& tool : k_tools) {
        check_tool(tool.name, tool.package, problems);
    }
    for (const char* device : k_devices) {
        if (::access(device, R_OK | W_OK) != 0) {
            problems.push_back(std::string{device} + " is missing or closed to the worker");
        }
    }
    for (const std::string& controller : host.cgroups.missing_controllers()) {
        problems.push_back("the cgroup controller `" + controller + "` is not available");
    }
    for (const std::string& destination : host.config.allowed_destinations) {
        if (const auto parsed = parse_destination(destination); !parsed) {
            problems.push_back(parsed.error().detail);
        }
    }
    for (const std::string& name : host.config.registry_hosts) {
        if (const Result<void> checked = check_host_name(name); !checked) {
            problems.push_back(checked.error().detail);
        }
    }
    check_build_programs(problems);
    check_state_directory(host.config.state_directory, problems);
    return problems;
}

}  // namespace libra
