#include "deploy-worker/process/run_process.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/recording_lines.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <stdexcept>
#include <thread>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Lines = std::vector<std::string>;
using testing::FakeClock;
using testing::RecordingLines;

class Runner {
public:
    Result<ProcessExit>
    run(const std::string& script, LineSink& sink, const std::stop_token& stop = {})
    {
        return run_process(
            {.argv = {"/bin/sh", "-c", script},
             .environment = {"GIVEN=yes", "PATH=" + std::string{k_tool_path}},
             .directory = "/tmp"},
            sink,
            limits,
            clock,
            clock.now() + 30s,
            stop
        );
    }

    SystemClock clock{};
    OutputLimits limits{};
};

TEST_CASE("both streams arrive as lines, with the exit code")
{
    RecordingLines lines;

    const auto exit = Runner{}.run("echo one; echo two >&2; printf three; exit 7", lines);

    REQUIRE(exit.has_value());
    CHECK(exit->exit_code == 7);
    CHECK_FALSE(exit->output_dropped);
    CHECK(lines.out() == Lines{"one", "three"});
    CHECK(lines.err() == Lines{"two"});
}

TEST_CASE("a child sees its own environment and directory, and no input")
{
    RecordingLines lines;

    const auto exit = Runner{}.run("env -u PWD -u PATH -u _ | sort; pwd; cat", lines);

    REQUIRE(exit.has_value());
    CHECK(lines.out() == Lines{"GIVEN=yes", "/tmp"});
}

TEST_CASE("an end by a signal is 128 plus the signal")
{
    RecordingLines lines;

    const auto exit = Runner{}.run("kill -9 $$", lines);

    REQUIRE(exit.has_value());
    CHECK(exit->exit_code == 137);
}

TEST_CASE("lines arrive while the program still runs")
{
    std::stop_source source;
    RecordingLines lines{[&source](std::string_view) { source.request_stop(); }};

    const auto exit = Runner{}.run("echo ready; sleep 1000", lines, source.get_token());

    REQUIRE(exit.has_error());
    CHECK(exit.error().code == Errc::cancelled);
    CHECK(lines.out() == Lines{"ready"});
}

TEST_CASE("a stop from another thread ends the program")
{
    std::stop_source source;
    RecordingLines lines;
    std::jthread stopper;
    RecordingLines trigger{
        [&](std::string_view) { stopper = std::jthread{[&source] { source.request_stop(); }}; }};

    const auto exit = Runner{}.run("echo ready; sleep 1000", trigger, source.get_token());

    REQUIRE(exit.has_error());
    CHECK(exit.error().code == Errc::cancelled);
}

TEST_CASE("a program past its deadline is killed with all of its group")
{
    FakeClock clock;
    RecordingLines lines{[&clock](std::string_view) { clock.advance(31s); }};

    const auto exit = run_process(
        {.argv = {"/bin/sh", "-c", "sleep 1000 & echo $!; sleep 1000"},
         .environment = tool_environment()},
        lines,
        {},
        clock,
        clock.now() + 30s,
        {}
    );

    REQUIRE(exit.has_error());
    CHECK(exit.error().code == Errc::timed_out);
    REQUIRE(lines.out().size() == 1);
    // Gone, or a zombie that its new parent has still to collect.
    SystemClock real;
    const auto state = run_tool({"ps", "-o", "stat=", "-p", lines.out().front()}, real, 10s);
    REQUIRE(state.has_value());
    CHECK((state->output.empty() || state->output.front() == 'Z'));
}

TEST_CASE("a program that floods its output still meets its deadline")
{
    FakeClock clock;
    RecordingLines lines{[&clock](std::string_view) { clock.advance(100ms); }};

    const auto exit = run_process(
        {.argv = {"yes"}, .environment = tool_environment()},
        lines,
        {.total_bytes = 500 * (64 + 2)},
        clock,
        clock.now() + 30s,
        {}
    );

    REQUIRE(exit.has_error());
    CHECK(exit.error().code == Errc::timed_out);
    CHECK(lines.out().size() == 500);
}

TEST_CASE("output past the budget is dropped but for its last lines, and said to be")
{
    Runner runner;
    RecordingLines lines;
    runner.limits.total_bytes = 5 + 65 + 8;

    const auto exit = runner.run("echo 12345; echo 67890; echo more; exit 3", lines);

    REQUIRE(exit.has_value());
    CHECK(exit->output_dropped);
    CHECK(exit->exit_code == 3);
    CHECK(lines.out() == Lines{"12345", "67890", "more"});
    REQUIRE(lines.err().size() == 1);
    CHECK(lines.err().front().find("too much output") != std::string::npos);
}

TEST_CASE("a long line comes in pieces and loses nothing")
{
    RecordingLines lines;

    const auto exit = Runner{}.run("head -c 100000 /dev/zero | tr '\\0' x; echo", lines);

    REQUIRE(exit.has_value());
    CHECK(lines.out().size() == 13);
    CHECK(lines.text().size() == 100'000 + 13);
}

TEST_CASE("what a program leaves in the background does not hold the run up")
{
    RecordingLines lines;

    const auto exit = Runner{}.run("sleep 1000 & echo $!", lines);

    REQUIRE(exit.has_value());
    REQUIRE(lines.out().size() == 1);
    SystemClock clock;
    CHECK(run_tool({"kill", "-9", lines.out().front()}, clock, 10s)->exit_code == 0);
}

TEST_CASE("an exception from the sink passes through and kills the program")
{
    RecordingLines lines{[](std::string_view) { throw std::runtime_error{"sink"}; }};

    CHECK_THROWS_AS(Runner{}.run("echo ready; sleep 1000", lines), std::runtime_error);
}

TEST_CASE("a tool's output and exit code are its value, its failure an error where it must work")
{
    SystemClock clock;

    const auto failed = run_tool({"sh", "-c", "echo why >&2; exit 4"}, clock, 10s);
    const auto required = require_tool({"sh", "-c", "echo why >&2; exit 4"}, clock, 10s);
    const auto missing = require_tool({"no-such-program-here"}, clock, 10s);

    REQUIRE(failed.has_value());
    CHECK(failed->exit_code == 4);
    CHECK(failed->output == "why\n");
    REQUIRE(required.has_error());
    CHECK(required.error().code == Errc::unavailable);
    CHECK(required.error().detail == "`sh` failed with exit code 4: why");
    REQUIRE(missing.has_error());
    CHECK(missing.error().detail.find("no-such-program-here") != std::string::npos);
}

TEST_CASE("a tool sees nothing of our environment")
{
    SystemClock clock;

    const auto seen = run_tool({"env"}, clock, 10s);

    CHECK(seen->output == "PATH=" + std::string{k_tool_path} + "\nLANG=C.UTF-8\n");
}

}  // namespace
}  // namespace libra
