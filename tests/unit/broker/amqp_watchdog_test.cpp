#include "shared/broker/amqp_watchdog.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <sys/socket.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace libra {
namespace {

class SocketPair {
public:
    SocketPair() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()) == 0); }

    ~SocketPair()
    {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }

    SocketPair(const SocketPair&) = delete;
    SocketPair& operator=(const SocketPair&) = delete;

    int ours() const { return ends_[0]; }

    int theirs() const { return ends_[1]; }

private:
    std::array<int, 2> ends_{};
};

TEST_CASE("the watchdog ends a call that would wait for ever")
{
    const SocketPair pair;
    AmqpWatchdog watchdog{pair.ours(), 40ms};

    const ssize_t got = watchdog.watch([&] {
        char byte{};
        return ::recv(pair.ours(), &byte, 1, 0);
    });

    CHECK(got == 0);
}

TEST_CASE("the watchdog lets calls alone that return")
{
    const SocketPair pair;
    AmqpWatchdog watchdog{pair.ours(), 10s};

    for (int i = 0; i < 100; ++i) {
        CHECK(watchdog.watch([&] { return ::send(pair.theirs(), "x", 1, 0); }) == 1);
        char byte{};
        CHECK(watchdog.watch([&] { return ::recv(pair.ours(), &byte, 1, 0); }) == 1);
    }
}

}  // namespace
}  // namespace libra
