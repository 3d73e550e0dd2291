#include "shared/http/http_server.hpp"

#include "tests/support/running_server.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using testing::RawAnswer;
using testing::RawClient;
using testing::RunningServer;

TEST_CASE("a connection serves one request after the other")
{
    RunningServer running;
    RawClient client = running.connect();

    const RawAnswer first = client.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n");
    const RawAnswer second =
        client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");

    CHECK(first.status == 200);
    CHECK(first.body == "quick");
    CHECK(first.header("connection") == "keep-alive");
    CHECK(second.body == "echo:hello");
    CHECK(running.application.records(2).at(1).client == "127.0.0.1");
}

TEST_CASE("every answer carries the common headers")
{
    RunningServer running;
    const char* const request = GENERATE(
        "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /broken HTTP/1.1\r\nHost: a\r\n\r\n",
        "no HTTP\r\n\r\n"
    );

    const RawAnswer answer = running.connect().ask(request);

    CHECK(answer.header("x-request-id").size() == 32);
    CHECK(answer.header("x-response-time").ends_with("ms"));
    CHECK(answer.header("date").ends_with("gmt"));
    CHECK(answer.header("x-finished") == "yes");
}

TEST_CASE("a valid request id is echoed and any other replaced")
{
    RunningServer running;
    RawClient client = running.connect();
    const auto id_for = [&](const std::string& brought) {
        return client.ask("GET /quick HTTP/1.1\r\nHost: a\r\nX-Request-Id: " + brought + "\r\n\r\n")
            .header("x-request-id");
    };

    CHECK(id_for("req-1_a.b") == "req-1_a.b");
    CHECK(id_for(std::string(128, 'a')) == std::string(128, 'a'));
    CHECK(id_for(std::string(129, 'a')).size() == 32);
    CHECK(id_for("a b").size() == 32);
    CHECK(id_for("").size() == 32);
}

TEST_CASE("pipelined requests are answered in their order")
{
    RunningServer running;
    RawClient client = running.connect();

    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none"
                "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n"
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\ntwo");

    CHECK(client.read().body == "echo:one");
    CHECK(client.read().body == "quick");
    CHECK(client.read().body == "echo:two");
}

TEST_CASE("a chunked body is put together")
{
    RunningServer running;

    const RawAnswer answer =
        running.connect().ask("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                              "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\n\r\n");

    CHECK(answer.body == "echo:abcde");
}

TEST_CASE("HTTP/1.0 gets one answer, or more if it asks for that")
{
    RunningServer running;
    RawClient once = running.connect();
    RawClient kept = running.connect();

    CHECK(once.ask("GET /quick HTTP/1.0\r\n\r\n").header("connection") == "close");
    CHECK(once.closed());
    CHECK(
        kept.ask("GET /quick HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("connection") ==
        "keep-alive"
    );
    CHECK(kept.ask("GET /quick HTTP/1.0\r\n\r\n").status == 200);
}

TEST_CASE("a client that asks for it gets the connection closed")
{
    RunningServer running;
    RawClient client = running.connect();

    client.ask("GET /quick HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    CHECK(client.closed());
}

TEST_CASE("HEAD gets the head of the answer only")
{
    RunningServer running;
    RawClient client = running.connect();

    const RawAnswer head = client.ask("HEAD /quick HTTP/1.1\r\nHost: a\r\n\r\n");
    const RawAnswer next = client.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n");

    CHECK(head.header("content-length") == "5");
    CHECK(next.body == "quick");
}

TEST_CASE("a client that expects 100-continue is told to go on before it sends the body")
{
    RunningServer running;
    RawClient client = running.connect();

    const RawAnswer interim = client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
                                         "Expect: 100-continue\r\n\r\n");
    const RawAnswer answer = client.ask("hi");

    CHECK(interim.status == 100);
    CHECK(answer.body == "echo:hi");
}

TEST_CASE("a body nobody wants is not asked for")
{
    RunningServer running;
    RawClient client = running.connect();

    const RawAnswer answer = client.ask("POST /quick HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
                                        "Expect: 100-continue\r\n\r\n");

    CHECK(answer.status == 200);
    CHECK(answer.header("connection") == "close");
}

TEST_CASE("a small body nobody wants does not end the connection")
{
    RunningServer running;
    RawClient client = running.connect();

    client.ask("POST /quick HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");

    CHECK(client.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").body == "quick");
}

TEST_CASE("a handler that throws is answered with 500 and the connection goes on")
{
    RunningServer running;
    RawClient client = running.connect();
    const std::string path = GENERATE("/broken", "/quickly-broken");

    const RawAnswer answer = client.ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");

    CHECK(answer.status == 500);
    CHECK(answer.body == "internal_error");
    CHECK(client.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
}

TEST_CASE("a large answer arrives whole")
{
    RunningServer running;

    CHECK(
        running.connect().ask("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").body ==
        std::string(1U << 20U, 'x')
    );
}

TEST_CASE("a client that leaves before the answer is recorded as such")
{
    RunningServer running;
    {
        const RawClient client = running.connect();
        client.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\nleft unread");
        running.application.wait_until_held(1);
    }

    running.application.release();

    CHECK(running.application.records(1).at(0).path == "/held");
}

TEST_CASE("a server whose port is taken says so")
{
    RunningServer running;
    HttpSettings settings = RunningServer::on_loopback({});
    settings.port = running.server.port();
    HttpServer second{
        running.application, running.clock, running.random, running.log.log(), settings};

    const Result<void> started = second.start();

    REQUIRE(started.has_error());
    CHECK(started.error().code == Errc::unavailable);
}

TEST_CASE("a server cannot listen on what is no address")
{
    RunningServer running;
    HttpServer second{
        running.application,
        running.clock,
        running.random,
        running.log.log(),
        HttpSettings{.address = "localhost"}};

    const Result<void> started = second.start();

    REQUIRE(started.has_error());
    CHECK(started.error().code == Errc::invalid_input);
}

TEST_CASE("behind a trusted proxy the client is whom the proxy names")
{
    HttpSettings settings;
    REQUIRE(settings.trusted_proxies.add("127.0.0.0/8").has_value());
    RunningServer running{settings};

    running.connect().ask("GET /quick HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n");

    CHECK(running.application.records(1).at(0).client == "203.0.113.9");
}

TEST_CASE("what the client itself claims is not believed when the proxy adds a line of its own")
{
    HttpSettings settings;
    REQUIRE(settings.trusted_proxies.add("127.0.0.0/8").has_value());
    RunningServer running{settings};

    running.connect().ask("GET /quick HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\n"
                          "X-Forwarded-For: 203.0.113.9\r\n\r\n");

    CHECK(running.application.records(1).at(0).client == "203.0.113.9");
}

TEST_CASE("the client of a request that cannot be read is its peer")
{
    RunningServer running;

    running.connect().ask("garbage\r\n\r\n");

    CHECK(running.application.records(1).at(0).client == "127.0.0.1");
}

}  // namespace
}  // namespace libra
