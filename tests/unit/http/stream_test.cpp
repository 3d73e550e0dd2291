#include "tests/support/running_server.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::RawAnswer;
using testing::RawClient;
using testing::RunningServer;

constexpr std::string_view k_ask{"GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"};

TEST_CASE("a body in pieces is sent as they come, in chunks, and the connection serves on")
{
    RunningServer running;
    RawClient client = running.connect();

    const RawAnswer head = client.ask(k_ask);
    CHECK(head.status == 200);
    CHECK(head.header("transfer-encoding") == "chunked");
    CHECK(head.header("content-length").empty());
    running.application.stream.say("first");
    CHECK(client.read_until("first\r\n") == "5\r\nfirst\r\n");
    running.application.stream.say("the second one");
    CHECK(client.read_until("one\r\n") == "e\r\nthe second one\r\n");
    running.application.stream.end();
    CHECK(client.read_until("0\r\n\r\n") == "0\r\n\r\n");

    CHECK(client.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").body == "quick");
    CHECK_FALSE(running.application.records(2).at(0).aborted);
}

TEST_CASE("a body that is there at once is sent whole")
{
    RunningServer running;
    running.application.stream.say("all");
    running.application.stream.end();
    RawClient client = running.connect();

    client.ask(k_ask);

    CHECK(client.read_until("0\r\n\r\n") == "3\r\nall\r\n0\r\n\r\n");
}

TEST_CASE("a body in pieces ends with the connection where chunks are not known")
{
    RunningServer running;
    running.application.stream.say("all");
    running.application.stream.end();
    RawClient client = running.connect();

    const RawAnswer head = client.ask("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

    CHECK(head.header("transfer-encoding").empty());
    CHECK(head.header("connection") == "close");
    CHECK(client.read_until("all") == "all");
    CHECK(client.closed());
}

TEST_CASE("HEAD of a body in pieces has no body")
{
    RunningServer running;
    RawClient client = running.connect();

    const RawAnswer head = client.ask("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n");

    CHECK(head.header("transfer-encoding") == "chunked");
    running.application.stream.wait_until_left(1);
    CHECK(client.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").body == "quick");
}

TEST_CASE("a quiet stream is kept alive by fillers")
{
    RunningServer running;
    RawClient client = running.connect();

    client.ask("GET /quiet HTTP/1.1\r\nHost: a\r\n\r\n");

    CHECK(client.read_until(":\n\n\r\n3\r\n:\n\n\r\n") == "3\r\n:\n\n\r\n3\r\n:\n\n\r\n");
}

TEST_CASE("streams occupy no worker")
{
    HttpSettings settings;
    settings.workers = 1;
    RunningServer running{settings};
    RawClient one = running.connect();
    RawClient other = running.connect();

    one.ask(k_ask);
    other.ask("GET /quiet HTTP/1.1\r\nHost: a\r\n\r\n");

    CHECK(
        running.connect()
            .ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
            .body == "echo:hi"
    );
}

TEST_CASE("a stream that nobody reads any more is let go")
{
    RunningServer running;
    {
        RawClient client = running.connect();
        client.ask("GET /quiet HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    running.application.quiet.wait_until_left(1);

    CHECK(running.application.records(1).at(0).aborted);
}

TEST_CASE("a client that does not read is dropped when its time is over")
{
    HttpSettings settings;
    settings.deadlines.write = 100ms;
    RunningServer running{settings};
    const RawClient client = running.connect();
    client.send(k_ask);

    running.application.stream.say(std::string(64U << 20U, 'x'));

    running.application.stream.wait_until_left(1);
    CHECK(running.application.records(1).at(0).aborted);
}

TEST_CASE("a stopping server ends streams in good order")
{
    RunningServer running;
    RawClient client = running.connect();
    client.ask(k_ask);
    running.application.stream.say("before");
    client.read_until("before\r\n");

    const bool emptied = running.server.stop(10s);

    CHECK(emptied);
    CHECK(client.read_until("0\r\n\r\n") == "0\r\n\r\n");
    CHECK(client.closed());
}

}  // namespace
}  // namespace libra
