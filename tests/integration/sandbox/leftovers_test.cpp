#include "deploy-worker/process/unique_fd.hpp"
#include "deploy-worker/process/worker_identity.hpp"
#include "deploy-worker/sandbox/sandbox_place.hpp"
#include "tests/integration/sandbox/sandbox_fixture.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <iterator>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

namespace libra {
namespace {

namespace fs = std::filesystem;
using testing::becomes_true;
using testing::live_paths;
using testing::RecordingLines;
using testing::run_script;
using testing::TestWorker;
using testing::traces;
using testing::unique_seconds;

/// This thread without the capability SYS_PTRACE.
class WithoutTracing {
public:
    WithoutTracing()
    {
        REQUIRE(::syscall(SYS_capget, &header_, before_.data()) == 0);
        auto fewer = before_;
        fewer[0].effective &= ~(1U << static_cast<unsigned>(CAP_SYS_PTRACE));
        REQUIRE(::syscall(SYS_capset, &header_, fewer.data()) == 0);
    }

    ~WithoutTracing() { ::syscall(SYS_capset, &header_, before_.data()); }

    WithoutTracing(const WithoutTracing&) = delete;
    WithoutTracing& operator=(const WithoutTracing&) = delete;

private:
    __user_cap_header_struct header_{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> before_{};
};

/// A worker process, in a mount namespace of its own as service.sh makes one, that runs a command
/// in its sandbox `left` until it is killed.
class WorkerProcess {
public:
    /// `identities` and `job` are directories.
    WorkerProcess(
        const LocalSandboxConfig& config,
        const fs::path& identities,
        const fs::path& job,
        const std::string& seconds
    )
    {
        Pipe ready = open_pipe().value();
        pid_ = ::fork();
        if (pid_ == 0) {
            live(config, identities, job, seconds, ready.write_end);
            ::_exit(1);
        }
        ready.write_end.reset();
        char byte{};
        REQUIRE(::read(ready.read_end.native(), &byte, 1) == 1);
    }

    ~WorkerProcess() { kill(); }

    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;

    void kill()
    {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
            pid_ = -1;
        }
    }

    void stop() const
    {
        ::kill(pid_, SIGSTOP);
        REQUIRE(::waitpid(pid_, nullptr, WUNTRACED) == pid_);
    }

private:
    static void live(
        const LocalSandboxConfig& config,
        const fs::path& identities,
        const fs::path& job,
        const std::string& seconds,
        const UniqueFd& ready
    )
    {
        SystemClock clock;
        testing::RecordingLog log;
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
            return;
        }
        const auto identity = WorkerIdentity::take(identities, config.worker_id, clock, 0s, {});
        fs::create_directories(job);
        LocalSandboxProvider provider{config, clock, log.log()};
        const auto sandbox = provider.create({.id = "left", .limits = TestWorker::small()});
        if (!identity || !sandbox) {
            return;
        }
        RecordingLines lines{[&ready](std::string_view) {
            if (::write(ready.native(), "1", 1) != 1) {
                ::_exit(1);
            }
        }};
        const std::string script = "setsid sleep " + seconds + " & echo ready; sleep " + seconds;
        const auto deadline = clock.now() + 120s;
        static_cast<void>(
            (*sandbox)->run({.argv = {"sh", "-c", script}}, lines, deadline, {}).has_value()
        );
    }

    pid_t pid_{-1};
};

/// A host with a worker that looks for dead ones.
struct Host {
    TestWorker worker;
    fs::path identities{worker.state.path() / "workers"};
    fs::path jobs{worker.state.path() / "jobs"};
    WorkerIdentity self{
        WorkerIdentity::take(identities, worker.config.worker_id, worker.clock, 0s, {}).value()};

    WorkerProcess process(const std::string& name, const std::string& seconds) const
    {
        const LocalSandboxConfig config = worker.config_of(name);
        return {config, identities, jobs / config.worker_id / "d-1/tree", seconds};
    }

    Result<void> clear_dead()
    {
        return self.clear_dead([this](const std::string& id) {
            fs::remove_all(jobs / id);
            return worker.provider.remove_orphans(id);
        });
    }

    /// What the machine has of the sandboxes of the worker called `name`.
    std::string sandboxes_of(const std::string& name) const
    {
        return traces(sandbox_prefix(worker.config_of(name)));
    }
};

TEST_CASE("what a killed worker ran dies with it, and another worker frees the rest")
{
    Host host;
    const std::string seconds = unique_seconds();
    WorkerProcess killed = host.process("killed", seconds);
    const std::string mark = host.worker.state.path().filename().string();

    killed.kill();
    const bool dead = becomes_true(host.worker.clock, [&] { return traces(seconds).empty(); });
    const bool anything_left = !live_paths(host.worker).empty();
    const auto cleared = host.clear_dead();

    CHECK(dead);
    CHECK(anything_left);
    REQUIRE(cleared.has_value());
    CHECK(traces(mark).empty());
    CHECK(host.sandboxes_of("killed").empty());
    CHECK(live_paths(host.worker).empty());
    CHECK(fs::is_empty(host.jobs));
    CHECK_FALSE(fs::exists(host.identities / host.worker.config_of("killed").worker_id));
}

TEST_CASE("what a killed worker left is freed by its own next life too")
{
    Host host;
    WorkerProcess killed = host.process("killed", unique_seconds());
    const LocalSandboxConfig config = host.worker.config_of("killed");
    killed.kill();

    LocalSandboxProvider next_life{config, host.worker.clock, host.worker.log.log()};
    const auto freed = next_life.remove_orphans(config.worker_id);

    REQUIRE(freed.has_value());
    CHECK(host.sandboxes_of("killed").empty());
    CHECK(live_paths(host.worker).empty());
}

TEST_CASE("nothing of a worker that runs or is stopped is touched")
{
    Host host;
    const std::string seconds = unique_seconds();
    const std::string stopped_seconds = unique_seconds();
    WorkerProcess running = host.process("running", seconds);
    WorkerProcess stopped = host.process("stopped", stopped_seconds);
    stopped.stop();
    const std::string before = host.sandboxes_of("running") + host.sandboxes_of("stopped");

    const auto while_alive = host.clear_dead();
    const std::string after = host.sandboxes_of("running") + host.sandboxes_of("stopped");
    const bool both_run = !testing::host_sees_processes() ||
                          (!traces(seconds).empty() && !traces(stopped_seconds).empty());
    const auto jobs = std::distance(fs::directory_iterator{host.jobs}, {});
    running.kill();
    stopped.kill();
    const auto when_killed = host.clear_dead();

    CHECK(while_alive.has_value());
    CHECK(after == before);
    CHECK(both_run);
    CHECK(jobs == 2);
    CHECK(when_killed.has_value());
    CHECK((host.sandboxes_of("running") + host.sandboxes_of("stopped")).empty());
}

TEST_CASE("another worker can build the same deployment beside the leftovers of a dead one")
{
    Host host;
    WorkerProcess killed = host.process("killed", unique_seconds());
    killed.kill();

    const auto sandbox = host.worker.sandbox("left");
    const auto ran = run_script(host.worker, *sandbox, "echo built");
    const auto cleared = host.clear_dead();
    const auto still = run_script(host.worker, *sandbox, "echo still");

    CHECK(ran.lines.out() == std::vector<std::string>{"built"});
    CHECK(cleared.has_value());
    CHECK(still.lines.out() == std::vector<std::string>{"still"});
}

TEST_CASE("a sandbox in use is no orphan, and one that could not be destroyed becomes one")
{
    TestWorker worker;
    auto sandbox = worker.sandbox("busy");
    const fs::path disk = worker.state.path() / "live" / (sandbox_prefix(worker.config) + "busy");
    UniqueFd user{::open((disk / "disk/work").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};

    const auto in_use = worker.provider.remove_orphans(worker.config.worker_id);
    const auto ran = run_script(worker, *sandbox, "echo in use");
    const auto destroyed = sandbox->destroy();
    sandbox.reset();
    const auto too_early = worker.provider.remove_orphans(worker.config.worker_id);
    user.reset();
    const auto again = worker.provider.remove_orphans(worker.config.worker_id);

    CHECK(in_use.has_value());
    CHECK(ran.lines.out() == std::vector<std::string>{"in use"});
    CHECK(destroyed.has_error());
    CHECK(too_early.error().code == Errc::unavailable);
    CHECK(again.has_value());
    CHECK(traces(worker.state.path().filename().string()).empty());
    CHECK(live_paths(worker).empty());
}

TEST_CASE("sandboxes of one id come and go while orphans are looked for")
{
    TestWorker worker;
    const std::jthread sweeper{[&](const std::stop_token& done) {
        while (!done.stop_requested()) {
            static_cast<void>(worker.provider.remove_orphans(worker.config.worker_id));
        }
    }};

    for (int round = 0; round < 5; ++round) {
        const auto sandbox = worker.sandbox("same");
        const auto ran = run_script(worker, *sandbox, "echo works");
        const auto destroyed = sandbox->destroy();

        CHECK(ran.lines.out() == std::vector<std::string>{"works"});
        CHECK(destroyed.has_value());
    }
}

TEST_CASE("this host has what sandboxes need")
{
    const TestWorker worker;

    for (const std::string& problem : worker.provider.host_problems()) {
        FAIL_CHECK(problem);
    }
}

TEST_CASE("a worker that may not open its containers' namespaces makes no sandboxes")
{
    TestWorker worker;
    const WithoutTracing lacking;

    const auto made = worker.provider.create({.id = "untraced", .limits = TestWorker::small()});

    REQUIRE(made.has_error());
    CHECK(made.error().code == Errc::unavailable);
    CHECK(made.error().detail.find("SYS_PTRACE") != std::string::npos);
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
