#include "deploy-worker/process/child_process.hpp"

#include "deploy-worker/process/run_process.hpp"
#include "shared/base/clock.hpp"
#include "tests/support/recording_lines.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <thread>
#include <unistd.h>

namespace libra {
namespace {

std::string read_all(const UniqueFd& from)
{
    std::string text;
    std::array<char, 256> buffer{};
    ssize_t got = 0;
    while ((got = ::read(from.native(), buffer.data(), buffer.size())) > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
}

ProcessSpec shell(const std::string& script)
{
    return {.argv = {"sh", "-c", script}, .environment = tool_environment()};
}

TEST_CASE("a program name is looked up in the tool path, a path is taken as it is")
{
    CHECK(program_path("sh").has_value());
    CHECK(program_path("/bin/sh") == "/bin/sh");
    CHECK_FALSE(program_path("no-such-program-here").has_value());
    CHECK_FALSE(program_path("/etc/passwd").has_value());
    CHECK_FALSE(program_path("").has_value());
}

TEST_CASE("a program that does not exist is not_found")
{
    const auto child = ChildProcess::start({.argv = {"no-such-program-here"}}, {});

    REQUIRE(child.has_error());
    CHECK(child.error().code == Errc::not_found);
}

TEST_CASE("a directory that does not exist keeps the program from starting")
{
    ProcessSpec spec = shell("exit 0");
    spec.directory = "/no/such/directory";

    const auto child = ChildProcess::start(spec, {});

    REQUIRE(child.has_error());
    CHECK(child.error().code == Errc::unavailable);
    CHECK(child.error().detail.find("No such file") != std::string::npos);
}

TEST_CASE("a child gets the descriptors it is given and no other of ours")
{
    const int leaky = ::open("/dev/null", O_RDONLY);  // as a library without O_CLOEXEC would
    Pipe to_child = open_pipe().value();
    Pipe from_child = open_pipe().value();

    auto child = ChildProcess::start(
        shell("exec >&4; echo said; ls /proc/$$/fd"),
        {.inherited = {to_child.read_end.native(), from_child.write_end.native()}}
    );
    from_child.write_end.reset();
    const std::string said = read_all(from_child.read_end);
    ::close(leaky);

    REQUIRE(child.has_value());
    CHECK(child->wait() == 0);
    CHECK(said == "said\n0\n1\n2\n3\n4\n");
}

TEST_CASE("a child starts with the default signals whatever ours are")
{
    Pipe from_child = open_pipe().value();
    const auto before = ::signal(SIGTERM, SIG_IGN);

    auto child = ChildProcess::start(
        shell("exec grep -E 'SigBlk|SigIgn' /proc/self/status"),
        {.output = from_child.write_end.native()}
    );
    ::signal(SIGTERM, before);
    from_child.write_end.reset();

    CHECK(
        read_all(from_child.read_end) == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n"
    );
    CHECK(child->wait() == 0);
}

TEST_CASE("dropping a child kills it and all of its group")
{
    Pipe from_child = open_pipe().value();
    {
        auto child = ChildProcess::start(
            shell("sleep 1000 & sleep 1000"), {.output = from_child.write_end.native()}
        );
        REQUIRE(child.has_value());
        from_child.write_end.reset();
    }

    CHECK(read_all(from_child.read_end).empty());  // ends only when both sleeps are gone
}

TEST_CASE("a child dies with the thread that started it unless told otherwise")
{
    ProcessSpec spec = shell("sleep 1000");
    spec.dies_with_thread = GENERATE(true, false);
    std::optional<Result<ChildProcess>> child;

    std::thread{[&] { child = ChildProcess::start(spec, {}); }}.join();

    REQUIRE(child->has_value());
    pollfd ended{(*child)->exit_descriptor(), POLLIN, 0};
    CHECK(
        ::poll(&ended, 1, spec.dies_with_thread ? 10'000 : 50) == (spec.dies_with_thread ? 1 : 0)
    );
}

}  // namespace
}  // namespace libra
