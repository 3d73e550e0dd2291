#include "shared/http/response_head.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

TEST_CASE("the head of an answer holds the server's headers and the application's")
{
    HttpResponse response{.status = 202, .headers = {}, .body = "{}"};
    response.headers.emplace_back("Location", "/deploy-status?id=1");
    std::string head;

    append_head(head, response, {"Sun, 06 Nov 1994 08:49:37 GMT", "r-1", 12'345us, true});

    CHECK(
        head == "HTTP/1.1 202 Accepted\r\n"
                "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                "Server: libra\r\n"
                "Connection: keep-alive\r\n"
                "X-Request-Id: r-1\r\n"
                "X-Response-Time: 12ms\r\n"
                "Location: /deploy-status?id=1\r\n"
                "Content-Length: 2\r\n"
                "\r\n"
    );
}

TEST_CASE("a header value cannot begin another header")
{
    HttpResponse response;
    response.headers.emplace_back("Location", "/\r\nSet-Cookie: a=b");
    std::string head;

    append_head(head, response, {});

    CHECK(head.find("\r\nSet-Cookie") == std::string::npos);
}

TEST_CASE("an answer that can have no body has no length")
{
    std::string head;

    append_head(head, HttpResponse{.status = GENERATE(204, 304)}, {});

    CHECK(head.find("Content-Length") == std::string::npos);
}

TEST_CASE("HTTP dates are in the fixed form")
{
    CHECK(http_date(std::chrono::sys_seconds{784'111'777s}) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(http_date(std::chrono::sys_seconds{0s}) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

}  // namespace
}  // namespace libra
