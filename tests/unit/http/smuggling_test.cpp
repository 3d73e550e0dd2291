#include "tests/support/running_server.hpp"

#include <catch2/catch.hpp>

/// @file Requests that two servers in a row could read as different ones (RFC 9112, 11.2). Whatever
/// such a request is answered with, what follows it on the connection must never be taken for a
/// request.

namespace libra {
namespace {

using namespace std::string_literals;
using testing::RawAnswer;
using testing::RawClient;
using testing::RunningServer;

const std::string k_smuggled = "GET /quick HTTP/1.1\r\nHost: a\r\nX-Smuggled: yes\r\n\r\n";

void check_that_nothing_gets_through(const std::string& request)
{
    RunningServer running;
    RawClient client = running.connect();

    client.send(request + k_smuggled);
    client.finish_sending();
    const RawAnswer answer = client.read();

    CAPTURE(request);
    CHECK(answer.status == 400);
    CHECK(answer.header("connection") == "close");
    CHECK(client.closed());
    CHECK(running.application.records(1).size() == 1);
}

TEST_CASE("a Transfer-Encoding in any but its one form is refused")
{
    const std::string coding = GENERATE(
        "Transfer-Encoding : chunked",
        "Transfer-Encoding\t: chunked",
        " Transfer-Encoding: chunked",
        "\tTransfer-Encoding: chunked",
        "Transfer-Encoding:\r\n chunked",
        "Transfer-Encoding:\n chunked",
        "X: y\r\n Transfer-Encoding: chunked",
        "X: y\nTransfer-Encoding: chunked",
        "X: y\rTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: chunked;q=1",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: 'chunked'",
        "Transfer-Encoding: chunke",
        "Transfer-Encoding: chunkedd",
        "Transfer-Encoding: x, chunked",
        "Transfer-Encoding: ,chunked",
        "Transfer-Encoding: chunked,",
        "Transfer-Encoding: chun ked",
        "Transfer-Encoding:",
        "Transfer-Encoding: \x0b"
        "chunked",
        "Transfer-Encoding: chunked\x0c",
        "Transfer-Encoding: \xc2\xa0"
        "chunked",
        "Transfer-Encoding\x01: chunked",
        "Transfer_Encoding:chunked\r\nTransfer-Encoding: cow"
    );

    check_that_nothing_gets_through(
        "POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string{coding} + "\r\n\r\n0\r\n\r\n"
    );
}

TEST_CASE("a length beside a Transfer-Encoding is refused, however they are written")
{
    const std::string headers = GENERATE(
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "content-length: 5\r\ntransfer-encoding: CHUNKED",
        "Content-Length: 0\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nX: y\r\nContent-Length: 5"
    );

    check_that_nothing_gets_through(
        "POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string{headers} + "\r\n\r\n0\r\n\r\n"
    );
}

TEST_CASE("a length that is not one plain number is refused")
{
    const std::string length = GENERATE(
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5, 6",
        "Content-Length: +5",
        "Content-Length: -5",
        "Content-Length: 0x5",
        "Content-Length: 5.0",
        "Content-Length: 5e0",
        "Content-Length: 5 5",
        "Content-Length: five",
        "Content-Length: \"5\"",
        "Content-Length: 5;",
        "Content-Length:",
        "Content-Length: 18446744073709551616",
        "Content-Length: 99999999999999999999999999",
        "Content-Length : 5",
        "Content-Length\t: 5",
        " Content-Length: 5",
        "Content-Length:\r\n 5",
        "Content-Length: \x0b"
        "5"
    );

    check_that_nothing_gets_through(
        "POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string{length} + "\r\n\r\nhello"
    );
}

TEST_CASE("a chunk that is not written as it must be is refused")
{
    const std::string body = GENERATE(
        "5\nhello\r\n0\r\n\r\n"s,
        "5\r\nhello\n0\r\n\r\n"s,
        "5\r\nhello0\r\n\r\n"s,
        "5\r\nhelloxx0\r\n\r\n"s,
        "4\r\nhello\r\n0\r\n\r\n"s,
        "+5\r\nhello\r\n0\r\n\r\n"s,
        "-5\r\nhello\r\n0\r\n\r\n"s,
        "0x5\r\nhello\r\n0\r\n\r\n"s,
        " 5\r\nhello\r\n0\r\n\r\n"s,
        "5.0\r\nhello\r\n0\r\n\r\n"s,
        "g\r\nhello\r\n0\r\n\r\n"s,
        "\r\nhello\r\n0\r\n\r\n"s,
        ";a=b\r\nhello\r\n0\r\n\r\n"s,
        "5\rhello\r\n0\r\n\r\n"s,
        "10000000000000005\r\nhello\r\n0\r\n\r\n"s,
        "ffffffffffffffffff\r\nhello\r\n0\r\n\r\n"s,
        "5;\nhello\r\n0\r\n\r\n"s,
        "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"s,
        "0\n\r\n"s,
        "0\r\nX : y\r\n\r\n"s,
        "0\r\n X: y\r\n\r\n"s,
        "0\r\nno colon\r\n\r\n"s
    );

    check_that_nothing_gets_through(
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    );
}

TEST_CASE("a header that goes on in a next line, or has no proper name, is refused")
{
    const std::string header = GENERATE(
        "X: a\r\n b"s,
        "X: a\r\n\tb"s,
        "X: a\r\n "s,
        "X:\r\n b"s,
        " X: a"s,
        ": a"s,
        "X"s,
        "X Y: a"s,
        "X : a"s,
        "X\t: a"s,
        "X(: a"s,
        "X\"Y: a"s,
        "X\x7f: a"s,
        "X\xc3\xbc: a"s,
        "X: a\0b"s,
        "X: a\x7f"s,
        "X: a\rb"s,
        "X: a\nY: b"s
    );

    check_that_nothing_gets_through("GET /quick HTTP/1.1\r\nHost: a\r\n" + header + "\r\n\r\n");
}

TEST_CASE("a request line in any but its one form is refused")
{
    const std::string line = GENERATE(
        "GET  /quick HTTP/1.1"s,
        "GET /quick  HTTP/1.1"s,
        "GET\t/quick HTTP/1.1"s,
        "GET /quick\tHTTP/1.1"s,
        " GET /quick HTTP/1.1"s,
        "GET /quick HTTP/1.1 "s,
        "GET /quick HTTP/1.1x"s,
        "GET /quick HTTP/1.10"s,
        "GET /quick HTTP/11"s,
        "GET /quick http/1.1"s,
        "GET /quick HTTP/0.9"s,
        "GET /quick HTTP/3.0"s,
        "GET /quick HTTP/1"s,
        "GET /quick"s,
        "GET HTTP/1.1"s,
        "/quick HTTP/1.1"s,
        "G\x01T /quick HTTP/1.1"s,
        "GE(T /quick HTTP/1.1"s,
        "GET /qu ick HTTP/1.1"s,
        "GET /qu\0ick HTTP/1.1"s,
        "GET /qu\x7fick HTTP/1.1"s,
        "GET /qu\xc3\xbcick HTTP/1.1"s,
        "GET /quick#part HTTP/1.1"s,
        "GET /qui%ck HTTP/1.1"s,
        "GET /quick%4 HTTP/1.1"s,
        "GET /quick?a=%g0 HTTP/1.1"s,
        "GET \\quick HTTP/1.1"s,
        "GET HTTP://[::1/quick HTTP/1.1"s
    );

    check_that_nothing_gets_through(line + "\r\nHost: a\r\n\r\n");
}

TEST_CASE("what may be written in more than one way is read as one thing")
{
    RunningServer running;
    RawClient client = running.connect();
    const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\n";

    for (const std::string& rest :
         {"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"s,
          "transfer-encoding:CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n"s,
          "Transfer-Encoding: \t chunked \t\r\n\r\n5\r\nhello\r\n0\r\n\r\n"s,
          "Transfer-Encoding: chunked\r\n\r\n0005\r\nhello\r\n000\r\n\r\n"s,
          "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0;c\r\n\r\n"s,
          "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"s,
          "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Trailer: y\r\n\r\n"s,
          "CONTENT-LENGTH:5\r\n\r\nhello"s,
          "Content-Length: 0005\r\n\r\nhello"s}) {
        const RawAnswer answer = client.ask(head + rest);

        CAPTURE(rest);
        CHECK(answer.status == 200);
        CHECK(answer.body == "echo:hello");
        CHECK(client.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").body == "quick");
    }
}

TEST_CASE("a trailer is no header")
{
    RunningServer running;

    const RawAnswer answer =
        running.connect().ask("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "5\r\nhello\r\n0\r\nX-Request-Id: from-trailer\r\n\r\n");

    CHECK(answer.status == 200);
    CHECK(answer.header("x-request-id") != "from-trailer");
}

TEST_CASE("a body nobody asked for is not taken for the next request")
{
    RunningServer running;
    RawClient client = running.connect();
    const std::string body = "GET /broken HTTP/1.1\r\nHost: a\r\n\r\n";

    client.send(
        "GET /quick HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body + "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n"
    );

    CHECK(client.read().body == "quick");
    CHECK(client.read().body == "quick");
    CHECK(running.application.records(2).size() == 2);
}

TEST_CASE("a hundred pipelined requests, some with bodies, are answered in their order")
{
    RunningServer running;
    RawClient client = running.connect();
    std::string requests;
    for (int i = 0; i < 100; ++i) {
        const std::string body = "n" + std::to_string(i);
        requests += i % 2 == 0 ? "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n"
                               : "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                                     std::to_string(body.size()) + "\r\n\r\n" + body;
    }

    client.send(requests);

    for (int i = 0; i < 100; ++i) {
        CHECK(client.read().body == (i % 2 == 0 ? "quick" : "echo:n" + std::to_string(i)));
    }
}

}  // namespace
}  // namespace libra
