#include "deploy-worker/sandbox/network.hpp"

#include "deploy-worker/process/run_process.hpp"
#include "deploy-worker/sandbox/host_file.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/mount.h>
#include <unistd.h>

namespace libra {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds k_patience = 15s;

Result<void> make_namespace(const SandboxPlace& place, const std::string& rules, Clock& clock)
{
    const fs::path rules_path = place.directory / "egress.nft";
    if (Result<void> written = write_host_file(rules_path, rules, 0600); !written) {
        return written;
    }
    const auto added = require_tool({"ip", "netns", "add", place.name}, clock, k_patience);
    if (!added) {
        return added.error();
    }
    const auto loaded = require_tool(
        {"nsenter",
         "--net=" + place.network_namespace().string(),
         "nft",
         "-f",
         rules_path.string()},
        clock,
        k_patience
    );
    return loaded ? Result<void>{} : loaded.error();
}

/// slirp4netns writes one byte when the namespace is connected; the pipe ends if it fails.
bool becomes_ready(const UniqueFd& ready)
{
    pollfd news{ready.native(), POLLIN, 0};
    char byte{};
    return ::poll(&news, 1, static_cast<int>(k_patience.count())) == 1 &&
           ::read(ready.native(), &byte, 1) == 1;
}

/// Whether the command line of process `pid` is that of a slirp4netns for this namespace.
bool serves(const fs::path& process, const std::string& name_space)
{
    const std::string command = read_host_file(process / "cmdline");
    return command.starts_with("slirp4netns") &&
           command.find('\0' + name_space + '\0') != std::string::npos;
}

void kill_orphaned_slirp(const std::string& name_space)
{
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator{"/proc", gone}) {
        const std::string name = entry.path().filename().string();
        pid_t pid = 0;
        std::from_chars(name.data(), name.data() + name.size(), pid);
        if (pid > 1 && serves(entry.path(), name_space)) {
            ::kill(pid, SIGKILL);
        }
    }
}

}  // namespace

Result<SandboxNetwork>
SandboxNetwork::start(const SandboxPlace& place, const std::string& rules, Clock& clock)
{
    if (Result<void> made = make_namespace(place, rules, clock); !made) {
        return made.error();
    }
    Result<Pipe> exit = open_pipe();
    Result<Pipe> ready = open_pipe();
    const fs::path log_path = place.directory / "slirp4netns.log";
    const UniqueFd log{::open(log_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (!exit || !ready || !log) {
        return Error{Errc::unavailable, "cannot open the pipes or the log of slirp4netns"};
    }
    // The private mount namespace: with --enable-sandbox it would unmount /run/netns/NAME for all.
    Result<ChildProcess> slirp = ChildProcess::start(
        {.argv =
             {"unshare",
              "--mount",
              "--propagation",
              "private",
              "slirp4netns",
              "--configure",
              "--mtu=65520",
              "--disable-host-loopback",
              "--enable-sandbox",
              "--enable-seccomp",
              "--exit-fd=3",
              "--ready-fd=4",
              "--netns-type=path",
              place.network_namespace().string(),
              "tap0"},
         .environment = tool_environment(),
         .dies_with_thread = false},
        {.output = log.native(),
         .error = log.native(),
         .inherited = {exit->read_end.native(), ready->write_end.native()}}
    );
    if (!slirp) {
        return Error{Errc::unavailable, slirp.error().detail};
    }
    ready->write_end.reset();
    if (!becomes_ready(ready->read_end)) {
        return Error{Errc::unavailable, "slirp4netns failed: " + read_host_file(log_path)};
    }
    return SandboxNetwork{std::move(*slirp), std::move(exit->write_end)};
}

Result<void> remove_network_namespace(const SandboxPlace& place)
{
    const std::string path = place.network_namespace().string();
    kill_orphaned_slirp(path);
    ::umount2(path.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW);  // fails where `ip` did not get that far
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
        return Error{Errc::unavailable, errno_text("cannot remove " + path, errno)};
    }
    return {};
}

std::vector<std::string> network_namespaces(std::string_view prefix)
{
    std::vector<std::string> found;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator{"/run/netns", gone}) {
        if (entry.path().filename().string().starts_with(prefix)) {
            found.push_back(entry.path().filename().string());
        }
    }
    return found;
}

}  // namespace libra
