#include "shared/base/failpoint.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

namespace libra {
namespace {

/// A process whose LIBRA_FAILPOINT is `list`, and which ends with 0 if `body` says true.
pid_t child(const char* list, const std::function<bool()>& body)
{
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::setenv("LIBRA_FAILPOINT", list, 1);  // NOLINT(concurrency-mt-unsafe): one thread
        ::_exit(body() ? 0 : 1);
    }
    return pid;
}

int status_of(pid_t pid, int options = 0)
{
    int status = -1;
    ::waitpid(pid, &status, options);
    return status;
}

bool passes(const char* place)
{
    failpoint(place);
    return true;
}

TEST_CASE("a process dies at the places that are named, and at no other")
{
    const auto elsewhere = status_of(child("sync.begun,build.done=kill", [] {
        return passes("sync.done") && passes("sync");
    }));
    const auto first =
        status_of(child("sync.begun,build.done=kill", [] { return passes("sync.begun"); }));
    const auto second =
        status_of(child("sync.begun,build.done=kill", [] { return passes("build.done"); }));

    CHECK(elsewhere == 0);
    REQUIRE(WIFSIGNALED(first));
    CHECK(WTERMSIG(first) == SIGKILL);
    REQUIRE(WIFSIGNALED(second));
    CHECK(WTERMSIG(second) == SIGKILL);
}

TEST_CASE("a process stops at a place once, and goes on when it is told to")
{
    const pid_t pid = child("sync.begun=stop", [] {
        failpoint("sync.begun");
        failpoint("sync.begun");
        return true;
    });

    const auto at_first = status_of(pid, WUNTRACED);
    ::kill(pid, SIGCONT);
    const auto at_last = status_of(pid, WUNTRACED);

    CHECK(WIFSTOPPED(at_first));
    CHECK(at_last == 0);
}

TEST_CASE("a process pauses at a place for as long as it is told to")
{
    const auto paused = status_of(child("sync.begun=pause:50", [] {
        const auto begun = std::chrono::steady_clock::now();
        failpoint("sync.begun");
        return std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds{50};
    }));

    CHECK(paused == 0);
}

TEST_CASE("an action that does not exist ends the process")
{
    const char* list = GENERATE("a=explode", "a=", "a=pause:", "a=pause:5s");

    const auto status = status_of(child(list, [] { return passes("b"); }));

    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGABRT);
}

}  // namespace
}  // namespace libra
