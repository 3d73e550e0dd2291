#include "shared/net/curl_http_client.hpp"

#include "tests/support/loopback_server.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::LoopbackServer;

constexpr const char* k_hello =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Twice: a\r\nContent-Length: 5\r\n\r\nhello";

TEST_CASE("an answer is handed over with status, lower-case headers and body")
{
    const LoopbackServer server{k_hello};
    CurlHttpClient client;

    const auto reply = client.send({.url = server.url() + "/page?x=1"}, {});

    REQUIRE(reply.has_value());
    CHECK(reply->status == 200);
    CHECK(reply->header("content-type") == "text/plain");
    CHECK(reply->header("x-twice") == "a");
    CHECK_FALSE(reply->header("x-absent"));
    CHECK(reply->body == "hello");
    CHECK(server.requests().at(0).starts_with("GET /page?x=1 HTTP/1.1\r\n"));
}

TEST_CASE("a host header replaces that of the URL")
{
    const LoopbackServer server{k_hello};
    CurlHttpClient client;

    const auto reply =
        client.send({.url = server.url(), .headers = {{"Host", "shop.example.org"}}}, {});

    REQUIRE(reply.has_value());
    CHECK(server.requests().at(0).find("\r\nHost: shop.example.org\r\n") != std::string::npos);
    CHECK(server.requests().at(0).find("127.0.0.1") == std::string::npos);
}

TEST_CASE("a body is sent with the method and headers it was given")
{
    const LoopbackServer server{"HTTP/1.1 204 No Content\r\n\r\n"};
    CurlHttpClient client;
    const auto [method, word] = GENERATE(
        std::pair{HttpMethod::post, "POST"},
        std::pair{HttpMethod::put, "PUT"},
        std::pair{HttpMethod::patch, "PATCH"},
        std::pair{HttpMethod::remove, "DELETE"}
    );

    const auto reply = client.send(
        {.method = method,
         .url = server.url(),
         .headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}},
         .body = "{\"a\":1}"},
        {}
    );

    REQUIRE(reply.has_value());
    CHECK(reply->status == 204);
    const std::string request = server.requests().at(0);
    CHECK(request.starts_with(word));
    CHECK(request.find("Content-Type: application/json\r\n") != std::string::npos);
    CHECK(request.find("X-Empty:") != std::string::npos);
    CHECK(request.find("Expect") == std::string::npos);
    CHECK(request.ends_with("{\"a\":1}"));
}

TEST_CASE("a HEAD request does not wait for a body")
{
    const LoopbackServer server{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"};
    CurlHttpClient client;

    const auto reply = client.send({.method = HttpMethod::head, .url = server.url()}, {});

    REQUIRE(reply.has_value());
    CHECK(reply->header("content-length") == "5");
    CHECK(reply->body.empty());
}

TEST_CASE("a refusal and a redirect are answers, not errors")
{
    CurlHttpClient client;

    const LoopbackServer broken{"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"};
    CHECK(client.send({.url = broken.url()}, {})->status == 503);

    const LoopbackServer elsewhere{
        "HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"};
    const auto reply = client.send({.url = elsewhere.url()}, {});
    CHECK(reply->status == 302);
    CHECK(reply->header("location") == "/there");
    CHECK(elsewhere.requests().size() == 1);
}

TEST_CASE("headers of an informational answer are not those of the answer")
{
    const LoopbackServer server{"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 "
                                "OK\r\nContent-Length: 0\r\n\r\n"};
    CurlHttpClient client;

    const auto reply = client.send({.url = server.url()}, {});

    REQUIRE(reply.has_value());
    CHECK(reply->status == 200);
    CHECK_FALSE(reply->header("link"));
}

TEST_CASE("an answer over a limit is refused")
{
    CurlHttpClient client;

    const LoopbackServer server{k_hello};
    const auto body = client.send({.url = server.url(), .max_body_bytes = 4}, {});
    REQUIRE(body.has_error());
    CHECK(body.error().code == Errc::limit_exceeded);

    const LoopbackServer chatty{
        "HTTP/1.1 200 OK\r\nX-A: " + std::string(40'000, 'a') +
        "\r\nX-B: " + std::string(40'000, 'b') + "\r\n\r\n"};
    const auto headers = client.send({.url = chatty.url()}, {});
    REQUIRE(headers.has_error());
    CHECK(headers.error().code == Errc::limit_exceeded);
}

TEST_CASE("a server that is not there, or hangs up half-way, is unavailable")
{
    CurlHttpClient client;
    std::string gone;
    {
        const LoopbackServer server{k_hello};
        gone = server.url();
    }

    CHECK(client.send({.url = gone}, {}).error().code == Errc::unavailable);

    const LoopbackServer rude{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"};
    CHECK(client.send({.url = rude.url()}, {}).error().code == Errc::unavailable);
}

TEST_CASE("a server that says nothing times out")
{
    const LoopbackServer silent{""};
    CurlHttpClient client;

    const auto reply = client.send({.url = silent.url(), .timeout = 50ms}, {});

    REQUIRE(reply.has_error());
    CHECK(reply.error().code == Errc::timed_out);
}

TEST_CASE("the body of a 200 is given away piece by piece, of any size")
{
    const std::string body(3'000'000, 'x');
    const LoopbackServer server{
        "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
    CurlHttpClient client;
    std::string taken;
    HttpCall call{.url = server.url(), .max_body_bytes = 10};
    call.take_piece = [&](std::string_view piece) {
        taken += piece;
        return true;
    };

    const auto reply = client.send(call, {});

    REQUIRE(reply.has_value());
    CHECK(reply->body.empty());
    CHECK(taken == body);
}

TEST_CASE("who takes the pieces may have had enough, and does not get the body of an error")
{
    CurlHttpClient client;
    HttpCall call{.url = {}};
    int pieces = 0;
    call.take_piece = [&](std::string_view /*piece*/) {
        ++pieces;
        return false;
    };
    const LoopbackServer good{k_hello};
    call.url = good.url();
    CHECK(client.send(call, {}).error().code == Errc::cancelled);
    const LoopbackServer bad{"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"};
    call.url = bad.url();
    CHECK(client.send(call, {}).value().body == "no");
    CHECK(pieces == 1);
}

TEST_CASE("a stop request ends a call that waits for its answer")
{
    const LoopbackServer silent{""};
    CurlHttpClient client;
    std::stop_source source;
    source.request_stop();

    const auto reply = client.send({.url = silent.url(), .timeout = 30s}, source.get_token());

    REQUIRE(reply.has_error());
    CHECK(reply.error().code == Errc::cancelled);
}

TEST_CASE("only http and https addresses without control characters are called")
{
    CurlHttpClient client;

    for (const char* url :
         {"file:///etc/passwd", "ftp://127.0.0.1/", "http://", "http://a/\r\nX: y"}) {
        INFO(url);
        CHECK(client.send({.url = url}, {}).error().code == Errc::invalid_input);
    }
}

TEST_CASE("a header cannot smuggle in another")
{
    const LoopbackServer server{k_hello};
    CurlHttpClient client;

    const auto reply = client.send({.url = server.url(), .headers = {{"X-A", "b\r\nX-C: d"}}}, {});

    CHECK(reply.error().code == Errc::invalid_input);
    CHECK(server.requests().empty());
}

TEST_CASE("the proxy variables of the environment are not obeyed")
{
    const LoopbackServer server{k_hello};
    CurlHttpClient client;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): this test has the process to itself
    ::setenv("http_proxy", "http://127.0.0.1:1", 1);

    const auto reply = client.send({.url = server.url()}, {});

    // NOLINTNEXTLINE(concurrency-mt-unsafe): see above
    ::unsetenv("http_proxy");
    CHECK(reply.has_value());
}

TEST_CASE("an address that is not allowed is not connected to")
{
    const LoopbackServer server{k_hello};
    CurlHttpClient client;
    std::vector<std::string> asked;

    const auto reply = client.send(
        {.url = server.url(),
         .allow_address =
             [&](std::string_view address) {
                 asked.emplace_back(address);
                 return false;
             }},
        {}
    );

    REQUIRE(reply.has_error());
    CHECK(reply.error().code == Errc::rejected);
    CHECK(asked == std::vector<std::string>{"127.0.0.1"});
    CHECK(server.requests().empty());
}

TEST_CASE("it is the address that counts, however the URL writes it")
{
    const LoopbackServer server{k_hello};
    CurlHttpClient client;
    const std::string port = server.url().substr(server.url().rfind(':'));
    const char* const host =
        GENERATE("localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:7f00:1]");
    CAPTURE(host);
    bool loopback_alone = true;

    const auto reply = client.send(
        {.url = std::string{"http://"} + host + port,
         .allow_address =
             [&](std::string_view address) {
                 loopback_alone = loopback_alone && (address == "127.0.0.1" || address == "::1" ||
                                                     address == "::ffff:127.0.0.1");
                 return false;
             }},
        {}
    );

    REQUIRE(reply.has_error());
    CHECK(reply.error().code == Errc::rejected);
    CHECK(loopback_alone);
    CHECK(server.requests().empty());
}

TEST_CASE("an address that is allowed is connected to")
{
    const LoopbackServer server{k_hello};
    CurlHttpClient client;

    const auto reply = client.send(
        {.url = server.url(), .allow_address = [](std::string_view) { return true; }}, {}
    );

    REQUIRE(reply.has_value());
    CHECK(reply->body == "hello");
}

TEST_CASE("an answer of which the head is enough is whole without the end of its body")
{
    const std::string head = "HTTP/1.1 202 Accepted\r\nX-A: b\r\n";
    const std::string rest = GENERATE(
        "Content-Length: 100000000\r\n\r\npart of it",
        "Content-Length: 5\r\n\r\nwhole",
        "Content-Length: 0\r\n\r\n",
        "\r\nwithout a length"
    );
    const std::string early = GENERATE("", "HTTP/1.1 103 Early Hints\r\nX-B: c\r\n\r\n");
    const LoopbackServer server{early + head + rest};
    CurlHttpClient client;

    const auto reply =
        client.send({.url = server.url(), .max_body_bytes = 1, .head_only = true}, {});

    REQUIRE(reply.has_value());
    CHECK(reply->status == 202);
    CHECK(reply->header("x-a") == "b");
    CHECK(reply->body.empty());
}

TEST_CASE("where an allowed address does not answer that is the reason, though others were left out"
)
{
    CurlHttpClient client;

    const auto reply = client.send(
        {.url = "http://localhost:1/",
         .allow_address = [](std::string_view address) { return address == "127.0.0.1"; }},
        {}
    );

    REQUIRE(reply.has_error());
    CHECK(reply.error().code == Errc::unavailable);
}

}  // namespace
}  // namespace libra
