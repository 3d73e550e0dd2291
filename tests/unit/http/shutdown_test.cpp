#include "tests/support/running_server.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::RawAnswer;
using testing::RawClient;
using testing::RunningServer;

TEST_CASE("a stopping server closes connections that wait for a request")
{
    RunningServer running;
    RawClient used = running.connect();
    REQUIRE(used.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);

    const bool emptied = running.server.stop(10s);

    CHECK(emptied);
    CHECK(used.closed());
}

TEST_CASE("a stopping server finishes the request under way and says it is the last")
{
    RunningServer running;
    RawClient client = running.connect();
    client.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
    running.application.wait_until_held(1);

    bool emptied = false;
    std::jthread stopping{[&] { emptied = running.server.stop(10s); }};
    // Refused connections tell that the server has begun to stop.
    while (true) {
        try {
            running.connect();
        } catch (const std::exception&) {
            break;
        }
    }
    running.application.release();
    const RawAnswer answer = client.read();
    stopping.join();

    CHECK(answer.status == 200);
    CHECK(answer.header("connection") == "close");
    CHECK(emptied);
}

TEST_CASE("a stopping server drops what is left after the grace period")
{
    RunningServer running;
    RawClient client = running.connect();
    const RawAnswer interim = client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
                                         "Expect: 100-continue\r\n\r\n");
    REQUIRE(interim.status == 100);

    CHECK_FALSE(running.server.stop(1ms));
}

}  // namespace
}  // namespace libra
