#include "deploy-worker/process/run_process.hpp"
#include "deploy-worker/process/unique_fd.hpp"
#include "deploy-worker/sandbox/egress.hpp"
#include "tests/integration/sandbox/sandbox_fixture.hpp"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <set>
#include <string_view>
#include <sys/socket.h>

namespace libra {
namespace {

using namespace std::chrono_literals;
using testing::host_sees_processes;
using testing::run_script;
using testing::TestWorker;

/// A service on every address of the host.
class HostListener {
public:
    HostListener() : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)}
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        socklen_t size = sizeof address;
        // The socket interface of C.
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(socket_.native(), generic, size) == 0);
        REQUIRE(::listen(socket_.native(), 16) == 0);
        REQUIRE(::getsockname(socket_.native(), generic, &size) == 0);
        port_ = ntohs(address.sin_port);
    }

    std::uint16_t port() const { return port_; }

    /// Whether somebody connected since the last call.
    bool visited() const
    {
        return static_cast<bool>(UniqueFd{::accept(socket_.native(), nullptr, nullptr)});
    }

private:
    UniqueFd socket_;
    std::uint16_t port_{};
};

/// An address of the host that others can reach, if it has one.
std::string outer_address()
{
    for (const std::string& address : host_addresses()) {
        if (!address.starts_with("127.")) {
            return address;
        }
    }
    FAIL("the host has no address but loopback");
    return {};
}

/// A script that prints how a connection ended: `connected` or the error's code.
std::string connect_script(const std::string& address, int port)
{
    return "node -e 'require(\"net\").connect(" + std::to_string(port) + ", \"" + address +
           "\").on(\"connect\", () => { console.log(\"connected\"); process.exit() })"
           ".on(\"error\", (e) => console.log(e.code))'; ";
}

TEST_CASE(
    "services of the host are out of reach, by loopback and by the host's own address",
    "[runsc]"
)
{
    const HostListener listener;
    TestWorker worker;
    const auto sandbox = worker.sandbox("reach");

    std::string script;
    for (const std::string& address : {std::string{"10.0.2.2"}, outer_address()}) {
        for (const int port : {int{listener.port()}, 80, 443}) {
            script += connect_script(address, port);
        }
    }
    const auto ran = run_script(worker, *sandbox, script + connect_script("169.254.169.254", 80));

    INFO(ran.lines.text());
    REQUIRE(ran.lines.out().size() == 7);
    for (const std::string& line : ran.lines.out()) {
        CHECK(line == "EHOSTUNREACH");  // the firewall's answer, not that of a closed port
    }
    CHECK_FALSE(listener.visited());
}

TEST_CASE("an allowed destination is reached on its port and on no other")
{
    const HostListener listener;
    const HostListener other;
    const std::string address = outer_address();
    TestWorker worker{{address + ':' + std::to_string(listener.port())}};
    const auto sandbox = worker.sandbox("allowed");

    const auto ran = run_script(
        worker,
        *sandbox,
        connect_script(address, listener.port()) + connect_script(address, other.port())
    );

    INFO(ran.lines.text());
    CHECK(ran.lines.out() == std::vector<std::string>{"connected", "EHOSTUNREACH"});
    CHECK(listener.visited());
    CHECK_FALSE(other.visited());
}

/// The host that npm on this machine installs from.
std::string registry_host(TestWorker& worker)
{
    const auto url = require_tool({"npm", "config", "get", "registry"}, worker.clock, 30s);
    REQUIRE(url.has_value());
    const std::size_t begin = url->find("//") + 2;
    return url->substr(begin, url->find_first_of(":/\n", begin) - begin);
}

TEST_CASE("where registry hosts are listed they alone are reached, and no name server")
{
    TestWorker any;
    LocalSandboxConfig config = any.config;
    config.registry_hosts = {registry_host(any)};
    LocalSandboxProvider provider{config, any.clock, any.log.log()};
    const auto sandbox = provider.create({.id = "listed", .limits = TestWorker::small()});
    REQUIRE(sandbox.has_value());

    const auto ran = run_script(
        any,
        **sandbox,
        "npm init -y >/dev/null && npm install --silent left-pad && echo installed; " +
            connect_script("1.1.1.1", 443) + connect_script("10.0.2.3", 53) +
            "getent hosts example.com || echo no such name"
    );

    INFO(ran.lines.text());
    CHECK(
        ran.lines.out() ==
        std::vector<std::string>{"installed", "EHOSTUNREACH", "EHOSTUNREACH", "no such name"}
    );
}

TEST_CASE("packages are installed from the public registry, and global ones into the home")
{
    TestWorker worker;
    const auto sandbox = worker.sandbox("registry");

    const auto ran = run_script(
        worker,
        *sandbox,
        "npm init -y >/dev/null && npm install --silent left-pad && "
        "node -p 'require(\"left-pad\")(\"x\", 3)' && npm install --silent -g semver@7 && "
        "command -v semver && du -s /home/build/.npm >/dev/null && echo cached"
    );

    INFO(ran.lines.text());
    REQUIRE(ran.exit.has_value());
    CHECK(ran.exit->exit_code == 0);
    CHECK(
        ran.lines.out() ==
        std::vector<std::string>{"  x", "/home/build/.local/bin/semver", "cached"}
    );
}

TEST_CASE("a command has no rights, no way to new ones, and a filter on its system calls")
{
    TestWorker worker;
    const auto sandbox = worker.sandbox("rights");

    const auto ran = run_script(
        worker, *sandbox, "grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status"
    );

    std::vector<std::string> expected{"CapEff:\t0000000000000000", "CapBnd:\t0000000000000000"};
    if (host_sees_processes()) {  // what calls gVisor's kernel answers, no filter has to say
        expected.insert(expected.end(), {"NoNewPrivs:\t1", "Seccomp:\t2"});
    } else {
        expected.emplace_back("Seccomp:\t0");
    }
    CHECK_THAT(ran.lines.out(), Catch::Matchers::UnorderedEquals(expected));
}

TEST_CASE("what breaks out of weaker sandboxes fails in this one")
{
    TestWorker worker;
    const auto sandbox = worker.sandbox("breakout");

    const auto* const attempt = GENERATE(
        "cat /etc/shadow",
        "ls /root | grep .",
        "ls /var/lib | grep .",
        "touch /usr/x",
        "touch /etc/x",
        "touch /x",
        "echo 1 > /proc/sys/kernel/panic",
        "cat /proc/cmdline | grep .",
        "ls /sys/* | grep .",
        "mount -t tmpfs none /tmp",
        "unshare -U true",
        "unshare -m true",
        "nsenter -t 1 -m true",
        "mknod /tmp/d b 7 0",
        "/usr/sbin/chroot / true",
        "kill -9 1",
        "dmesg",
        "python3 -c 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)'",
        "python3 -c 'import socket; socket.socket(40, socket.SOCK_STREAM)'",
        "python3 -c 'import socket; socket.socket(16, socket.SOCK_RAW, 12)'",
        "python3 -c 'import socket; socket.socket(2, socket.SOCK_RAW, 1)'",
        "ls /proc/1/fd"
    );
    // These do what they say to gVisor's kernel, whose whole world is the sandbox.
    const std::set<std::string_view> own_kernel{
        "cat /proc/cmdline | grep .", "unshare -U true", "dmesg"};
    if (!host_sees_processes() && own_kernel.contains(attempt)) {
        return;
    }
    const auto ran = run_script(worker, *sandbox, attempt);

    INFO(attempt << ": " << ran.lines.text());
    REQUIRE(ran.exit.has_value());
    CHECK(ran.exit->exit_code != 0);
    CHECK(ran.exit->exit_code != 127);  // refused, not for want of the program
    CHECK(run_script(worker, *sandbox, "true").exit->exit_code == 0);
}

}  // namespace
}  // namespace libra
