#include "deploy-worker/sandbox/sandbox_place.hpp"
#include "tests/integration/sandbox/sandbox_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

using namespace std::chrono_literals;

namespace libra {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;
using testing::host_sees_processes;
using testing::live_paths;
using testing::RecordingLines;
using testing::run_script;
using testing::ScratchTree;
using testing::TestWorker;
using testing::traces;

TEST_CASE("a command streams its lines and its exit code")
{
    TestWorker worker;
    const auto sandbox = worker.sandbox("lines");

    const auto ran = run_script(
        worker, *sandbox, "echo one; echo two >&2; echo three >/dev/stderr; pwd; id -u; exit 7"
    );

    REQUIRE(ran.exit.has_value());
    CHECK(ran.exit->exit_code == 7);
    CHECK_FALSE(ran.exit->out_of_memory);
    CHECK_FALSE(ran.exit->out_of_disk);
    CHECK(ran.exit->peak_memory_bytes > 0);
    CHECK(ran.lines.out() == Lines{"one", "/work", "1000"});
    CHECK(ran.lines.err() == Lines{"two", "three"});
}

TEST_CASE("lines arrive while the command runs")
{
    TestWorker worker;
    const auto sandbox = worker.sandbox("stream");
    std::stop_source stop;
    RecordingLines lines{[&stop](std::string_view) { stop.request_stop(); }};

    const auto exit = sandbox->run(
        {.argv = {"sh", "-c", "echo ready; sleep 1000"}},
        lines,
        worker.clock.now() + 60s,
        stop.get_token()
    );

    REQUIRE(exit.has_error());
    CHECK(exit.error().code == Errc::cancelled);
    CHECK(lines.out() == Lines{"ready"});
}

TEST_CASE("a program or directory that is not there is the command's failure, not the sandbox's")
{
    TestWorker worker;
    const auto sandbox = worker.sandbox("missing");
    RecordingLines lines;

    const auto program =
        sandbox->run({.argv = {"no-such-program"}}, lines, worker.clock.now() + 60s, {});
    const auto directory = sandbox->run(
        {.argv = {"true"}, .directory = "/work/none"}, lines, worker.clock.now() + 60s, {}
    );

    REQUIRE(program.has_value());
    CHECK(program->exit_code == 127);
    REQUIRE(directory.has_value());
    CHECK(directory->exit_code == 125);
    CHECK(lines.err().size() == 2);
}

TEST_CASE("the environment is the sandbox's own few and the command's, and nothing of the worker")
{
    TestWorker worker;
    const auto sandbox = worker.sandbox("environment");
    RecordingLines lines;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread runs yet.
    ::setenv("LIBRA_TEST_SECRET", "hunter2", 1);

    const auto exit = sandbox->run(
        {.argv = {"env"}, .environment = {"npm_config_//host/:_x=1", "GIVEN=a\"b"}},
        lines,
        worker.clock.now() + 60s,
        {}
    );

    REQUIRE(exit.has_value());
    const auto& out = lines.out();
    CHECK(lines.text().find("hunter2") == std::string::npos);
    CHECK(lines.text().find("LIBRA") == std::string::npos);
    CHECK(std::count(out.begin(), out.end(), "GIVEN=a\"b") == 1);
    CHECK(std::count(out.begin(), out.end(), "npm_config_//host/:_x=1") == 1);
    CHECK(std::count(out.begin(), out.end(), "HOME=/home/build") == 1);
}

TEST_CASE("what is uploaded can be built on and what was built can be collected", "[runsc]")
{
    TestWorker worker;
    const ScratchTree source;
    const ScratchTree result;
    source.write("package.json", R"({"name":"site"})");
    source.write("src/index.html", "<p>hello");
    const auto sandbox = worker.sandbox("roundtrip");

    REQUIRE(sandbox->upload(source.path()).has_value());
    const auto ran = run_script(
        worker,
        *sandbox,
        "npm --version && mkdir -p dist/a && cp src/index.html dist/a/ && touch .x"
    );
    const auto collected = sandbox->collect("dist", result.path(), {});

    REQUIRE(ran.exit.has_value());
    INFO(ran.lines.text());
    CHECK(ran.exit->exit_code == 0);
    REQUIRE(collected.has_value());
    CHECK(result.read("a/index.html") == "<p>hello");
    CHECK(*sandbox->list("") == Lines{".x", "dist/", "package.json", "src/"});
    CHECK(sandbox->list("nowhere").error().code == Errc::not_found);
    CHECK(*sandbox->read_file("package.json", 100) == R"({"name":"site"})");
    CHECK_FALSE(sandbox->read_file("none.json", 100)->has_value());
    CHECK(sandbox->read_file("package.json", 3).error().code == Errc::limit_exceeded);
    CHECK(sandbox->collect("nowhere", result.path(), {}).error().code == Errc::not_found);
}

TEST_CASE("nothing but regular files and directories leaves a sandbox")
{
    TestWorker worker;
    const ScratchTree result;
    const auto sandbox = worker.sandbox("hostile");
    const auto ran = run_script(
        worker,
        *sandbox,
        "mkdir link fifo socket up && ln -s /etc/shadow link/x && mkfifo fifo/x && "
        "ln -s /etc etc && ln -s /etc/shadow shadow && mkfifo pipe && "
        "node -e 'require(\"net\").createServer().listen(\"socket/x\", () => process.exit())' ; "
        "ls socket link fifo"
    );
    INFO(ran.lines.text());

    std::vector<std::string> hostile{"link"};
    if (host_sees_processes()) {  // a pipe of gVisor's is in its memory and never on the disk
        hostile.emplace_back("fifo");
    }
    for (const std::string& directory : hostile) {
        const auto collected = sandbox->collect(directory, result.path(), {});
        REQUIRE(collected.has_error());
        CHECK(collected.error().code == Errc::rejected);
        CHECK(collected.error().detail.starts_with("x is a "));
    }
    CHECK(sandbox->collect("etc", result.path(), {}).error().code == Errc::not_found);
    CHECK(sandbox->collect("../..", result.path(), {}).error().code == Errc::not_found);
    CHECK_FALSE(sandbox->read_file("shadow", 1000)->has_value());
    CHECK_FALSE(sandbox->read_file("pipe", 1000)->has_value());
    CHECK_FALSE(sandbox->read_file("../home/.npm", 1000)->has_value());
    CHECK(fs::is_empty(result.path()));
}

TEST_CASE("nothing changes while the output is collected, and no command runs after it")
{
    TestWorker worker;
    const ScratchTree result;
    const auto sandbox = worker.sandbox("still");
    const std::string seconds = testing::unique_seconds();
    run_script(
        worker,
        *sandbox,
        "mkdir dist && echo x > dist/x && (setsid sh -c 'while :; do echo y >> dist/x; done; "
        "sleep " +
            seconds + "' &) && until grep -q y dist/x; do :; done"
    );
    REQUIRE(traces(seconds).empty() != host_sees_processes());

    const auto collected = sandbox->collect("dist", result.path(), {});

    REQUIRE(collected.has_value());
    CHECK(traces(seconds).empty());
    CHECK(sandbox->read_file("dist/x", 1U << 30U)->value() == result.read("x"));
    CHECK(run_script(worker, *sandbox, "true").exit.error().code == Errc::unavailable);
}

TEST_CASE("files that do not fit on the disk are refused as such")
{
    TestWorker worker;
    const ScratchTree source;
    source.write("big", std::string(100U << 20U, 'x'));
    SandboxLimits limits = TestWorker::small();
    limits.disk_bytes = 64U << 20U;
    const auto sandbox = worker.sandbox("narrow", limits);

    CHECK(sandbox->upload(source.path()).error().code == Errc::limit_exceeded);
}

TEST_CASE(
    "a runtime that works says so, and one that does not is refused with its name",
    "[runsc][self-test]"
)
{
    TestWorker worker;

    CHECK(worker.provider.self_test().has_value());
    CHECK(live_paths(worker).empty());

    LocalSandboxConfig broken = worker.config;
    broken.registry_hosts = {"no-such-host.invalid"};
    LocalSandboxProvider provider{broken, worker.clock, worker.log.log()};
    const auto works = provider.self_test();
    const auto made = provider.create({.id = "never", .limits = TestWorker::small()});

    REQUIRE(works.has_error());
    CHECK(works.error().code == Errc::unavailable);
    CHECK(works.error().detail.find("does not work on this host") != std::string::npos);
    REQUIRE(made.has_error());
    CHECK(made.error().detail == works.error().detail);
}

TEST_CASE("a worker's sandboxes run side by side")
{
    TestWorker worker;
    const auto one = worker.sandbox("one");
    const auto two = worker.sandbox("two");

    run_script(worker, *one, "echo one > file");
    const auto seen = run_script(worker, *two, "ls /work; cat /proc/self/uid_map");
    const auto other = run_script(worker, *one, "cat file /proc/self/uid_map");

    REQUIRE(seen.lines.out().size() == 1);
    REQUIRE(other.lines.out().size() == 2);
    CHECK(other.lines.out()[0] == "one");
    if (host_sees_processes()) {  // inside gVisor's own kernel all user ids are there
        CHECK(other.lines.out()[1] != seen.lines.out()[0]);
    }
}

TEST_CASE("a destroyed sandbox leaves nothing on the machine", "[runsc]")
{
    TestWorker worker;
    auto sandbox = worker.sandbox("gone");
    const std::string seconds = testing::unique_seconds();
    run_script(worker, *sandbox, "setsid sleep " + seconds + " & npm --version");
    const std::string disk = worker.state.path().filename().string();
    const std::string name = sandbox_prefix(worker.config) + "gone";
    REQUIRE(traces(seconds).empty() != host_sees_processes());
    REQUIRE_FALSE(traces(disk).empty());
    REQUIRE_FALSE(traces(name).empty());

    const auto destroyed = sandbox->destroy();
    const auto again = sandbox->destroy();

    REQUIRE(destroyed.has_value());
    CHECK(again.has_value());
    CHECK(traces(seconds).empty());
    CHECK(traces(disk).empty());
    CHECK(traces(name).empty());
    CHECK(live_paths(worker).empty());
    RecordingLines lines;
    const auto late = sandbox->run({.argv = {"true"}}, lines, worker.clock.now() + 60s, {});
    CHECK(late.error().code == Errc::unavailable);
}

TEST_CASE("a sandbox left over under the same id is destroyed first")
{
    TestWorker worker;
    LocalSandboxProvider earlier{worker.config, worker.clock, worker.log.log()};
    const auto first = earlier.create({.id = "same", .limits = TestWorker::small()});
    REQUIRE(first.has_value());
    run_script(worker, **first, "echo old > file");

    const auto second = worker.sandbox("same");

    CHECK(second->list("")->empty());
}

TEST_CASE("a sandbox in use is not replaced by another of the same id")
{
    TestWorker worker;
    const auto first = worker.sandbox("same");

    const auto second = worker.provider.create({.id = "same", .limits = TestWorker::small()});
    const auto ran = run_script(worker, *first, "echo still here");

    REQUIRE(second.has_error());
    CHECK(second.error().code == Errc::unavailable);
    CHECK(ran.lines.out() == std::vector<std::string>{"still here"});
}

}  // namespace
}  // namespace libra
