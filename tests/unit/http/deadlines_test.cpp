#include "tests/support/running_server.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::RawAnswer;
using testing::RawClient;
using testing::RunningServer;

TEST_CASE("headers that do not arrive in time are answered with 408")
{
    RunningServer running{{.deadlines = {.header = 50ms}}};
    RawClient client = running.connect();

    const RawAnswer answer = client.ask("GET /quick HTTP/1.1\r\nHos");

    CHECK(answer.status == 408);
    CHECK(answer.body == "request_timeout");
    CHECK(client.closed());
}

TEST_CASE("a connection on which nothing is asked is closed without a word")
{
    SECTION("before its first request")
    {
        RunningServer running{{.deadlines = {.header = 50ms}}};

        CHECK(running.connect().closed());
    }

    SECTION("between requests")
    {
        RunningServer running{{.deadlines = {.keep_alive = 50ms}}};
        RawClient client = running.connect();
        REQUIRE(client.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);

        CHECK(client.closed());
    }
}

TEST_CASE("a body that does not arrive in time is answered with 408")
{
    const HttpDeadlines deadlines =
        GENERATE(HttpDeadlines{.body = 50ms}, HttpDeadlines{.body_idle = 50ms});
    RunningServer running{{.deadlines = deadlines}};
    RawClient client = running.connect();

    const RawAnswer answer =
        client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");

    CHECK(answer.status == 408);
    CHECK(client.closed());
}

TEST_CASE("the time for a request's headers begins with its own first byte")
{
    RunningServer running{{.deadlines = {.header = 50ms, .keep_alive = 60s}}};
    RawClient client = running.connect();
    REQUIRE(client.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);

    CHECK(client.ask("GET /quick HT").status == 408);
}

TEST_CASE("slow headers of some do not hold others up")
{
    RunningServer running;
    std::vector<std::unique_ptr<RawClient>> slow;
    for (int i = 0; i < 100; ++i) {
        slow.push_back(std::make_unique<RawClient>(running.server.port()));
        slow.back()->send("GET /quick HTTP/1.1\r\nX: ");
    }

    CHECK(running.connect().ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
}

TEST_CASE("a client that does not read its answer loses the connection")
{
    RunningServer running{{.deadlines = {.write = 50ms}}};
    const RawClient client = running.connect();
    // Far more than the kernel buffers on both sides.
    for (int i = 0; i < 64; ++i) {
        client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    std::vector<testing::ScriptedApplication::Record> records;
    do {
        records = running.application.records(records.size() + 1);
    } while (!records.back().aborted);

    CHECK(records.size() < 64);
}

}  // namespace
}  // namespace libra
