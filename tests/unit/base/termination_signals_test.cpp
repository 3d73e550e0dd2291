#include "shared/base/termination_signals.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <csignal>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

namespace libra {
namespace {

/// Runs it in a process of its own. @return that one's wait status.
int status_of(const std::function<bool()>& succeeds)
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(succeeds() ? 0 : 1);
    }
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return status;
}

TEST_CASE("a signal ends the wait, and those that follow it do not end the process")
{
    for (const int signal : std::array{SIGTERM, SIGINT}) {
        const int status = status_of([signal] {
            const TerminationSignals signals;
            std::raise(signal);
            const bool noticed = signals.wait();
            std::raise(SIGTERM);
            std::raise(SIGINT);
            return noticed;
        });

        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
    }
}

TEST_CASE("a wait that is called off says that no signal came")
{
    const int status = status_of([] {
        const TerminationSignals signals;
        std::stop_source quit;
        quit.request_stop();
        return !signals.wait(quit.get_token());
    });

    CHECK(status == 0);
}

}  // namespace
}  // namespace libra
