#include "deploy-worker/process/worker_identity.hpp"

#include "tests/support/scratch_tree.hpp"
#include "tests/support/still_clock.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <functional>
#include <optional>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace libra {
namespace {

/// The workers of one host.
struct Host {
    testing::ScratchTree tree;
    testing::StillClock clock;

    Result<WorkerIdentity> take(const std::string& id, std::chrono::milliseconds patience = 0ms)
    {
        return WorkerIdentity::take(tree.path(), id, clock, patience, {});
    }

    /// The ids that `self` was told to clear.
    static std::vector<std::string> dead_for(const WorkerIdentity& self)
    {
        std::vector<std::string> dead;
        const auto cleared = self.clear_dead([&dead](const std::string& id) -> Result<void> {
            dead.push_back(id);
            return {};
        });
        CHECK(cleared.has_value());
        std::sort(dead.begin(), dead.end());
        return dead;
    }
};

using Ids = std::vector<std::string>;

/// Called once, between the opening of an identity's file and its locking.
std::function<void()>& before_next_flock()
{
    static std::function<void()> action;
    return action;
}

TEST_CASE("an id belongs to one worker at a time, however long another waits")
{
    Host host;
    const auto first = host.take("one");

    const auto second = host.take("one", 20s);

    REQUIRE(first.has_value());
    REQUIRE(second.has_error());
    CHECK(second.error().code == Errc::conflict);
    CHECK(second.error().detail.find("`one`") != std::string::npos);
    CHECK(host.clock.now() >= Instant{20s});
}

TEST_CASE("a wait for an id ends with a stop")
{
    Host host;
    const auto first = host.take("one");
    std::stop_source stopped;
    stopped.request_stop();

    const auto second =
        WorkerIdentity::take(host.tree.path(), "one", host.clock, 20s, stopped.get_token());

    CHECK(second.error().code == Errc::conflict);
}

TEST_CASE("an id that its worker let go can be taken again")
{
    Host host;
    host.take("one").value();

    const auto again = host.take("one");

    REQUIRE(again.has_value());
    CHECK(again->id() == "one");
}

TEST_CASE("an id is unavailable where it can have no file")
{
    Host host;
    host.tree.write("file", "");

    const auto below_a_file =
        WorkerIdentity::take(host.tree.path() / "file", "one", host.clock, 0ms, {});
    const auto no_name = host.take("..");

    CHECK(below_a_file.error().code == Errc::unavailable);
    CHECK(no_name.error().code == Errc::unavailable);
}

TEST_CASE("the dead are cleared once, and neither the living nor the one that clears")
{
    Host host;
    host.take("dead").value();
    host.take("gone").value();
    const auto living = host.take("living");
    const auto self = host.take("self");

    const Ids first = Host::dead_for(*self);
    const Ids second = Host::dead_for(*self);

    CHECK(first == Ids{"dead", "gone"});
    CHECK(second.empty());
}

TEST_CASE("a dead worker that cannot be cleared is tried again")
{
    Host host;
    host.take("dead").value();
    const auto self = host.take("self");

    const auto failed = self->clear_dead([](const std::string& id) -> Result<void> {
        return Error{Errc::conflict, id + " resists"};
    });

    REQUIRE(failed.has_error());
    CHECK(failed.error().code == Errc::unavailable);
    CHECK(failed.error().detail == "dead resists");
    CHECK(Host::dead_for(*self) == Ids{"dead"});
}

TEST_CASE("nobody becomes the dead worker that is being cleared, and then it starts afresh")
{
    Host host;
    host.take("dead").value();
    const auto self = host.take("self");
    std::optional<Errc> during;

    const auto cleared = self->clear_dead([&](const std::string& id) -> Result<void> {
        const auto restarted = host.take(id, 10s);
        during = restarted.has_error() ? std::optional{restarted.error().code} : std::nullopt;
        return {};
    });
    const auto after = host.take("dead");

    CHECK(cleared.has_value());
    CHECK(during == Errc::conflict);
    REQUIRE(after.has_value());
    CHECK(Host::dead_for(*self).empty());
    CHECK(host.take("dead").error().code == Errc::conflict);
}

TEST_CASE("a worker that is stopped is alive, and one that is killed is not")
{
    Host host;
    const auto self = host.take("self");
    const pid_t pid = ::fork();
    if (pid == 0) {
        const auto other = host.take("other");
        ::raise(SIGSTOP);
        ::_exit(other.has_value() ? 0 : 1);
    }
    REQUIRE(::waitpid(pid, nullptr, WUNTRACED) == pid);

    const Ids while_stopped = Host::dead_for(*self);
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    const Ids when_killed = Host::dead_for(*self);

    CHECK(while_stopped.empty());
    CHECK(when_killed == Ids{"other"});
}

TEST_CASE("a lock of a file that was removed meanwhile counts for nothing")
{
    Host host;
    host.take("one").value();
    before_next_flock() = [&host] { ::unlink((host.tree.path() / "one").c_str()); };

    const auto first = host.take("one", 1s);
    const auto second = host.take("one", 1s);

    CHECK(first.has_value());
    CHECK(second.error().code == Errc::conflict);
}

}  // namespace
}  // namespace libra

/// In the place of libc's.
// Its header has names that are reserved.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name)
extern "C" int flock(int descriptor, int operation) noexcept
{
    if (const auto action = std::exchange(libra::before_next_flock(), {})) {
        action();
    }
    return static_cast<int>(::syscall(SYS_flock, descriptor, operation));
}
