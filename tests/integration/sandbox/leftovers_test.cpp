#include "deploy-worker/process/unique_fd.hpp"
#include "tests/integration/sandbox/sandbox_fixture.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::becomes_true;
using testing::live_paths;
using testing::RecordingLines;
using testing::run_script;
using testing::TestWorker;
using testing::traces;

/// Another worker process, with the same identity as `worker`, that makes a sandbox, leaves a
/// process of that name running in it, and then is killed with no chance to clean up.
void live_and_be_killed(TestWorker& worker, const std::string& process)
{
    Pipe ready = open_pipe().value();
    const pid_t pid = ::fork();
    if (pid == 0) {
        auto sandbox = worker.provider.create({.id = "left", .limits = TestWorker::small()});
        RecordingLines lines{[&ready](std::string_view) {
            if (::write(ready.write_end.native(), "1", 1) != 1) {
                ::_exit(1);
            }
        }};
        if (sandbox) {
            const std::string script = "setsid " + process + " & echo ready; " + process;
            const auto deadline = worker.clock.now() + 60s;
            const auto exit = (*sandbox)->run({.argv = {"sh", "-c", script}}, lines, deadline, {});
            ::_exit(exit ? 0 : 1);
        }
        ::_exit(1);
    }
    ready.write_end.reset();
    char byte{};
    REQUIRE(::read(ready.read_end.native(), &byte, 1) == 1);
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
}

TEST_CASE("what a killed worker ran dies with it, and its next life frees the rest")
{
    TestWorker worker;
    const std::string mark = worker.state.path().filename().string();

    live_and_be_killed(worker, "sleep 76543");
    const bool dead = becomes_true(worker.clock, [] { return traces("76543").empty(); });
    const bool offline = becomes_true(worker.clock, [] {
        return traces("slirp4netns").find("-test-left") == std::string::npos;
    });
    const bool anything_left = !live_paths(worker).empty();
    const auto freed = worker.provider.destroy_leftovers();

    CHECK(dead);
    CHECK(offline);
    CHECK(anything_left);
    REQUIRE(freed.has_value());
    CHECK(traces(mark).empty());
    CHECK(traces("libra-").find("-test-left") == std::string::npos);
    CHECK(live_paths(worker).empty());
}

TEST_CASE("another worker can build the same deployment beside the leftovers of a dead one")
{
    TestWorker dead;
    TestWorker other;
    live_and_be_killed(dead, "sleep 65432");

    const auto sandbox = other.sandbox("left");
    const auto ran = run_script(other, *sandbox, "echo built");
    const auto freed = dead.provider.destroy_leftovers();
    const auto still = run_script(other, *sandbox, "echo still");

    CHECK(ran.lines.out() == std::vector<std::string>{"built"});
    CHECK(freed.has_value());
    CHECK(still.lines.out() == std::vector<std::string>{"still"});
}

TEST_CASE("a second live worker of the same identity may not sweep the first one's sandboxes")
{
    TestWorker worker;
    REQUIRE(worker.provider.destroy_leftovers().has_value());
    LocalSandboxProvider twin{worker.config, worker.clock, worker.log.log()};

    const auto swept = twin.destroy_leftovers();

    REQUIRE(swept.has_error());
    CHECK(swept.error().code == Errc::conflict);
}

TEST_CASE("this host has what sandboxes need")
{
    const TestWorker worker;

    for (const std::string& problem : worker.provider.host_problems()) {
        FAIL_CHECK(problem);
    }
}

TEST_CASE("a state directory that sandbox users cannot pass through is named")
{
    TestWorker worker;
    std::filesystem::permissions(worker.state.path(), std::filesystem::perms{0700});

    const auto made = worker.provider.create({.id = "closed", .limits = TestWorker::small()});

    REQUIRE(made.has_error());
    CHECK(made.error().code == Errc::unavailable);
    CHECK(made.error().detail.find("chmod o+x") != std::string::npos);
}

TEST_CASE("an id that could not be a file name is refused")
{
    TestWorker worker;

    const auto made = worker.provider.create({.id = "../x"});

    REQUIRE(made.has_error());
    CHECK(made.error().code == Errc::invalid_input);
}

}  // namespace
}  // namespace libra
