#include "tests/integration/sandbox/sandbox_fixture.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::RecordingLines;
using testing::run_script;
using testing::TestWorker;
using testing::traces;

TEST_CASE("out of memory is reported from the kernel's counter, and the sandbox goes on", "[runsc]")
{
    TestWorker worker;
    SandboxLimits limits = TestWorker::small();
    limits.memory_bytes = 128U << 20U;
    const auto sandbox = worker.sandbox("memory", limits);

    const auto ran = run_script(
        worker, *sandbox, "node -e 'const a = []; for (;;) a.push(Buffer.alloc(1 << 20, 1))'"
    );
    const auto after = run_script(worker, *sandbox, "exit 137");

    REQUIRE(ran.exit.has_value());
    CHECK(ran.exit->exit_code != 0);
    CHECK(ran.exit->out_of_memory);
    CHECK(ran.exit->peak_memory_bytes > (100U << 20U));
    REQUIRE(after.exit.has_value());
    if (!testing::host_sees_processes()) {  // gVisor's kernel itself was what had the memory
        CHECK(after.exit->out_of_memory);
        return;
    }
    CHECK(ran.exit->exit_code == 137);
    CHECK(after.exit->exit_code == 137);
    CHECK_FALSE(after.exit->out_of_memory);
}

TEST_CASE("a full disk is reported, wherever in the sandbox it was filled from")
{
    TestWorker worker;
    SandboxLimits limits = TestWorker::small();
    limits.disk_bytes = 96U << 20U;
    const auto sandbox = worker.sandbox("disk", limits);

    const auto fine = run_script(worker, *sandbox, "exit 1");
    const auto* const where = GENERATE("/work", "/home/build", "/tmp");
    const auto ran =
        run_script(worker, *sandbox, "head -c 1G /dev/zero > " + std::string{where} + "/big");

    CHECK_FALSE(fine.exit->out_of_disk);
    REQUIRE(ran.exit.has_value());
    CHECK(ran.exit->exit_code != 0);
    CHECK(ran.exit->out_of_disk);
}

TEST_CASE("a disk that is full of files, not of bytes, is told from a full one")
{
    TestWorker worker;
    SandboxLimits limits = TestWorker::small();
    limits.disk_bytes = 96U << 20U;
    const auto sandbox = worker.sandbox("files", limits);

    const auto ran = run_script(
        worker, *sandbox, "i=0; while : >/tmp/$i; do i=$((i + 1)); done 2>/dev/null; exit 1"
    );

    REQUIRE(ran.exit.has_value());
    CHECK(ran.exit->out_of_disk);
    CHECK(ran.exit->disk_bytes < limits.disk_bytes / 2);
    CHECK(ran.exit->most_disk_files > 0);
    CHECK(ran.exit->disk_files <= ran.exit->most_disk_files);
    CHECK(ran.exit->disk_files > ran.exit->most_disk_files - 1000);
}

TEST_CASE("a fork bomb stops at the process limit")
{
    TestWorker worker;
    SandboxLimits limits = TestWorker::small();
    limits.processes = 32;
    const auto sandbox = worker.sandbox("forks", limits);

    const auto ran = run_script(
        worker, *sandbox, "for i in $(seq 100); do sleep 1000 & done; echo never-all-of-them"
    );

    REQUIRE(ran.exit.has_value());
    CHECK(ran.exit->exit_code != 0);
    CHECK(ran.exit->out_of_processes);
    CHECK(ran.lines.out().empty());
}

TEST_CASE("a command that cannot even start for processes left behind is the build's doing")
{
    TestWorker worker;
    SandboxLimits limits = TestWorker::small();
    limits.processes = 32;
    const auto sandbox = worker.sandbox("crowded", limits);
    run_script(worker, *sandbox, "for i in $(seq 100); do setsid sleep 1000 & done");

    const auto next = run_script(worker, *sandbox, "sleep 0 & sleep 0 & wait; exec false");

    REQUIRE(next.exit.has_value());
    CHECK(next.exit->exit_code != 0);
    CHECK(next.exit->out_of_processes);
}

TEST_CASE("a deadline kills everything in the sandbox", "[runsc]")
{
    TestWorker worker;
    const auto sandbox = worker.sandbox("deadline");
    const std::string seconds = testing::unique_seconds();
    RecordingLines lines;

    const auto exit = sandbox->run(
        {.argv = {"sh", "-c", "setsid sleep " + seconds + " & setsid sleep " + seconds}},
        lines,
        worker.clock.now() + 300ms,
        {}
    );

    REQUIRE(exit.has_error());
    CHECK(exit.error().code == Errc::timed_out);
    CHECK(traces(seconds).empty());
    const auto after = run_script(worker, *sandbox, "true");
    CHECK(after.exit.error().code == Errc::unavailable);
}

TEST_CASE("a stop from another thread kills everything within a second")
{
    TestWorker worker;
    const auto sandbox = worker.sandbox("stop");
    const std::string seconds = testing::unique_seconds();
    std::stop_source stop;
    std::jthread stopper;
    Instant stopped{};
    RecordingLines lines{[&](std::string_view) {
        stopper = std::jthread{[&] {
            stopped = worker.clock.now();
            stop.request_stop();
        }};
    }};

    const auto exit = sandbox->run(
        {.argv = {"sh", "-c", "setsid sleep " + seconds + " & echo ready; sleep " + seconds}},
        lines,
        worker.clock.now() + 60s,
        stop.get_token()
    );
    const Instant returned = worker.clock.now();
    stopper.join();

    REQUIRE(exit.has_error());
    CHECK(exit.error().code == Errc::cancelled);
    CHECK(traces(seconds).empty());
    CHECK(returned - stopped < 1s);  // the promise of SPEC, section 3
}

TEST_CASE("output past the limit is dropped but for its last lines, and a line says so")
{
    TestWorker worker;
    worker.config.command_output_bytes = 1000;
    LocalSandboxProvider provider{worker.config, worker.clock, worker.log.log()};
    const auto sandbox = provider.create({.id = "output", .limits = TestWorker::small()});
    REQUIRE(sandbox.has_value());

    const auto ran = run_script(worker, **sandbox, "yes | head -c 100000");

    CHECK(ran.exit->exit_code == 0);
    // A line counts for 64 bytes more; 16 KiB follow, without a first line that may be cut.
    CHECK(ran.lines.out().size() == 16 + 8191);
    REQUIRE(ran.lines.err().size() == 1);
    CHECK(ran.lines.err().front().find("too much output") != std::string::npos);
}

TEST_CASE("a disk that the host has no room for is refused, with nothing left")
{
    TestWorker worker;
    SandboxLimits limits = TestWorker::small();
    limits.disk_bytes = 1ULL << 50U;

    const auto made = worker.provider.create({.id = "huge", .limits = limits});

    REQUIRE(made.has_error());
    CHECK(made.error().code == Errc::unavailable);
    CHECK(made.error().detail.find("free some space") != std::string::npos);
    CHECK(testing::live_paths(worker).empty());
    CHECK(traces(worker.state.path().filename().string()).empty());
}

TEST_CASE("a sandbox that cannot be set up half way through is rolled back in full")
{
    TestWorker worker{{"no-such-host.invalid"}};

    const auto made = worker.provider.create({.id = "half", .limits = TestWorker::small()});

    REQUIRE(made.has_error());
    CHECK(made.error().code == Errc::unavailable);
    CHECK(made.error().detail.find("no-such-host.invalid") != std::string::npos);
    CHECK(testing::live_paths(worker).empty());
    CHECK(traces(worker.state.path().filename().string()).empty());
}

}  // namespace
}  // namespace libra
