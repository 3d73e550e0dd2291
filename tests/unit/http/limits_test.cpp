#include "tests/support/running_server.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <list>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace libra {
namespace {

using testing::RawAnswer;
using testing::RawClient;
using testing::RunningServer;

HttpSettings small()
{
    HttpSettings settings;
    settings.limits.header_bytes = 1024;
    settings.limits.body_bytes = 100;
    return settings;
}

TEST_CASE("headers over the limit are answered with 431")
{
    RunningServer running{small()};
    const std::string request = GENERATE(
        "GET /quick HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'x') + "\r\n\r\n",
        "GET /" + std::string(2000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n",
        std::string(3000, 'x')
    );
    RawClient client = running.connect();

    const RawAnswer answer = client.ask(request);

    CHECK(answer.status == 431);
    CHECK(answer.body == "headers_too_large");
    CHECK(client.closed());
}

TEST_CASE("the default limit takes a header block just under 16 KiB")
{
    RunningServer running;

    const RawAnswer under = running.connect().ask(
        "GET /quick HTTP/1.1\r\nHost: a\r\nX: " + std::string(16'000, 'x') + "\r\n\r\n"
    );
    const RawAnswer over = running.connect().ask(
        "GET /quick HTTP/1.1\r\nHost: a\r\nX: " + std::string(16'400, 'x') + "\r\n\r\n"
    );

    CHECK(under.status == 200);
    CHECK(over.status == 431);
}

TEST_CASE("a body announced over the limit is answered with 413 before it is read")
{
    RunningServer running{small()};
    RawClient client = running.connect();

    const RawAnswer answer =
        client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n");

    CHECK(answer.status == 413);
    CHECK(answer.header("connection") == "close");
}

TEST_CASE("a body at the limit is accepted")
{
    RunningServer running{small()};

    const RawAnswer answer = running.connect().ask(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'x')
    );

    CHECK(answer.status == 200);
}

TEST_CASE("a chunked body that grows over the limit is answered with 413")
{
    RunningServer running{small()};
    RawClient client = running.connect();

    const RawAnswer answer = client.ask(
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3c\r\n" +
        std::string(60, 'x') + "\r\n3c\r\n" + std::string(60, 'x') + "\r\n0\r\n\r\n"
    );

    CHECK(answer.status == 413);
}

TEST_CASE("a client that keeps sending still gets to read why it was refused")
{
    RunningServer running{small()};
    RawClient client = running.connect();

    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n");
    client.send(std::string(4'000'000, 'x'));

    CHECK(client.read().status == 413);
}

TEST_CASE("bodies that together need too much memory are answered with 503")
{
    HttpSettings settings;
    settings.limits.body_memory = 50;
    RunningServer running{settings};

    const RawAnswer answer = running.connect().ask(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 60\r\n\r\n" + std::string(60, 'x')
    );
    RawClient next = running.connect();

    CHECK(answer.status == 503);
    for (int i = 0; i < 3; ++i) {
        CHECK(
            next.ask(
                    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\n" +
                    std::string(40, 'x')
            )
                .status == 200
        );
    }
}

TEST_CASE("a connection over the limit is told so and closed")
{
    HttpSettings settings;
    const bool in_all = GENERATE(true, false);
    (in_all ? settings.limits.connections : settings.limits.connections_per_address) = 1;
    RunningServer running{settings};
    RawClient first = running.connect();
    REQUIRE(first.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
    RawClient second = running.connect();

    const RawAnswer answer = second.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n");

    CHECK(answer.status == 503);
    CHECK(answer.body == "too_many_connections");
    CHECK(second.closed());
    CHECK(first.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
}

TEST_CASE("the limit per address does not hold a trusted proxy up")
{
    HttpSettings settings;
    settings.limits.connections_per_address = 1;
    REQUIRE(settings.trusted_proxies.add("127.0.0.1").has_value());
    RunningServer running{settings};
    RawClient first = running.connect();
    RawClient second = running.connect();

    CHECK(first.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
    CHECK(second.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
}

TEST_CASE("when all workers are busy and the queue is full the answer is 503, not a wait")
{
    HttpSettings settings;
    settings.workers = 1;
    settings.queued_work = 0;
    RunningServer running{settings};
    RawClient client = running.connect();

    const RawAnswer answer = client.ask("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");

    CHECK(answer.status == 503);
    CHECK(answer.body == "overloaded");
    CHECK(client.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
}

TEST_CASE("busy workers do not hold quick answers up")
{
    HttpSettings settings;
    settings.workers = 1;
    RunningServer running{settings};
    RawClient slow = running.connect();
    RawClient quick = running.connect();
    slow.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
    running.application.wait_until_held(1);

    const RawAnswer answer = quick.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n");
    running.application.release();

    CHECK(answer.status == 200);
    CHECK(slow.read().status == 200);
}

TEST_CASE("thousands of clients in the middle of a head or a body do not hold others up")
{
    constexpr std::size_t k_slow = 2000;  // with both ends of each in this process
    rlimit descriptors{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &descriptors) == 0);
    descriptors.rlim_cur = descriptors.rlim_max;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &descriptors) == 0);
    REQUIRE(descriptors.rlim_cur > 2 * k_slow + 100);
    HttpSettings settings;
    settings.workers = 1;
    settings.limits.connections_per_address = k_slow + 100;
    settings.deadlines.header = settings.deadlines.body_idle = settings.deadlines.body =
        std::chrono::hours{1};
    RunningServer running{settings};
    std::list<RawClient> slow;
    for (std::size_t i = 0; i < k_slow; ++i) {
        slow.emplace_back(running.server.port());
        slow.back().send(
            i % 2 == 0 ? "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Le"
                       : "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab"
        );
    }

    for (int i = 0; i < 50; ++i) {
        RawClient other = running.connect();
        CHECK(other.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
        CHECK(
            other.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx").body ==
            "echo:x"
        );
    }

    std::size_t answered = 0;
    bool in_head = true;
    for (RawClient& client : slow) {
        client.send(in_head ? "ngth: 4\r\n\r\nabcd" : "cd");
        answered += client.read().body == "echo:abcd" ? 1 : 0;
        in_head = !in_head;
    }
    CHECK(answered == k_slow);
}

TEST_CASE("a request line may take the whole of the head's room, and no more")
{
    RunningServer running{small()};
    const std::string rest = " HTTP/1.1\r\nHost: a\r\n\r\n";
    const std::string start = "GET /quick?";
    const std::size_t room = small().limits.header_bytes - start.size() - rest.size();

    const RawAnswer at_limit = running.connect().ask(start + std::string(room - 1, 'x') + rest);
    const RawAnswer over = running.connect().ask(start + std::string(room + 1, 'x') + rest);

    CHECK(at_limit.status == 200);
    CHECK(over.status == 431);
}

/// The server has each piece before the next is sent: it answers another client in between.
void send_in_pieces(
    RunningServer& running,
    const RawClient& client,
    const std::vector<std::string>& pieces
)
{
    for (const std::string& piece : pieces) {
        client.send(piece);
        REQUIRE(running.connect().ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
    }
}

TEST_CASE("headers that come one by one are counted together")
{
    RunningServer running{small()};
    RawClient under = running.connect();
    RawClient over = running.connect();
    const std::string header = "X: " + std::string(95, 'x') + "\r\n";
    std::vector<std::string> pieces{"GET /quick HTTP/1.1\r\n", "Host: a\r\n"};
    pieces.insert(pieces.end(), 9, header);

    send_in_pieces(running, under, pieces);
    under.send("\r\n");
    pieces.insert(pieces.end(), 3, header);
    send_in_pieces(running, over, pieces);

    CHECK(under.read().status == 200);
    CHECK(over.read().status == 431);
}

TEST_CASE("a header that goes on in a next line is refused, whatever pieces it comes in")
{
    RunningServer running;
    const std::vector<std::string> pieces = GENERATE(
        std::vector<std::string>{"GET /quick HTTP/1.1\r\nHost: a\r\n", " b\r\nX: y\r\n", "\r\n"},
        std::vector<std::string>{"GET /quick HTTP/1.1\r\n", "Host: a\r\n b\r\n", "X: y\r\n\r\n"},
        std::vector<std::string>{"GET /quick HTTP/1.1\r\nHost: a\r", "\n", " b\r\n\r\n"},
        std::vector<std::string>{"GET /quick HTTP/1.1\r\n", " Host: a\r\n\r\n"},
        std::vector<std::string>{"GET /quick HTTP/1.1\r\nHost: a\r\nX:", "\r\n", "\tb", "\r\n\r\n"}
    );
    RawClient client = running.connect();

    send_in_pieces(running, client, pieces);

    CHECK(client.read().status == 400);
    CHECK(client.closed());
}

TEST_CASE("as many headers as fit are taken, and those of the next request counted anew")
{
    RunningServer running{small()};
    RawClient client = running.connect();
    std::string request = "GET /quick HTTP/1.1\r\nHost: a\r\n";
    while (request.size() < 950) {
        request += "X:y\r\n";
    }
    request += "\r\n";

    client.send(request + request + request);

    for (int i = 0; i < 3; ++i) {
        CHECK(client.read().status == 200);
    }
}

}  // namespace
}  // namespace libra
