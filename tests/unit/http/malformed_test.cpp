#include "tests/support/running_server.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using testing::RawAnswer;
using testing::RawClient;
using testing::RunningServer;

TEST_CASE("what is not well-formed is answered with 400 and the connection closed")
{
    RunningServer running;
    const char* const request = GENERATE(
        "garbage\r\n\r\n",
        "GET /quick HTTP/2.0\r\nHost: a\r\n\r\n",
        "GET /quick\r\n\r\n",
        "GET quick HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /quick HTTP/1.1\r\n\r\n",
        "GET /quick HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /quick HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n",
        "GET /quick HTTP/1.1\r\nHost: a\r\nX: a\x01z\r\n\r\n",
        "GET /quick HTTP/1.1\nHost: a\n\n",
        "\x16\x03\x01\x02\r\n\r\n"
    );
    RawClient client = running.connect();

    const RawAnswer answer = client.ask(request);

    CHECK(answer.status == 400);
    CHECK(answer.body == "bad_request");
    CHECK(answer.header("connection") == "close");
    CHECK(client.closed());
}

TEST_CASE("a body whose end could be read in two ways is refused")
{
    RunningServer running;
    const std::string headers = GENERATE(
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: 3, 4\r\n",
        "Content-Length: -3\r\n",
        "Content-Length: 3x\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, gzip\r\n",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked\r\n"
    );
    RawClient client = running.connect();

    const RawAnswer answer =
        client.ask("POST /echo HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n0\r\n\r\n");

    CHECK(answer.status == 400);
    CHECK(client.closed());
}

TEST_CASE("HTTP/1.0 has no chunked bodies")
{
    RunningServer running;

    const RawAnswer answer =
        running.connect().ask("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

    CHECK(answer.status == 400);
}

TEST_CASE("a chunk that lies about its size is refused")
{
    RunningServer running;

    const RawAnswer answer = running.connect().ask(
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n"
    );

    CHECK(answer.status == 400);
}

TEST_CASE("an unknown expectation is refused")
{
    RunningServer running;

    const RawAnswer answer = running.connect().ask(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: wonders\r\n\r\nx"
    );

    CHECK(answer.status == 417);
}

TEST_CASE("a request that ends in the middle is not answered")
{
    RunningServer running;
    const char* const request = GENERATE(
        "GET /quick HTTP/1.1\r\nHos",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf"
    );
    RawClient client = running.connect();

    client.send(request);
    client.finish_sending();

    CHECK(client.closed());
}

}  // namespace
}  // namespace libra
