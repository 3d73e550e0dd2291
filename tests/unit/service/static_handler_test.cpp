#include "api-gateway/service/static_handler.hpp"

#include "shared/http/gzip.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

HttpRequest with(std::vector<HttpHeader> headers)
{
    HttpRequest request;
    request.headers = std::move(headers);
    return request;
}

TEST_CASE("a document is sent as it is, or compressed to clients that take that")
{
    StaticHandler handler{{.bytes = "{}", .content_type = "application/json"}};

    const HttpResponse plain = handler.handle(with({}));
    const HttpResponse compressed = handler.handle(with({{"Accept-Encoding", "br, gzip"}}));

    CHECK(plain.content() == "{}");
    CHECK(plain.header("Content-Type") == "application/json");
    CHECK_FALSE(plain.header("Content-Encoding"));
    CHECK(plain.header("Vary") == "Accept-Encoding");
    CHECK(compressed.content() == gzip("{}"));
    CHECK(compressed.header("Content-Encoding") == "gzip");
}

TEST_CASE("a document the client already has is not sent again")
{
    StaticHandler handler{{.bytes = "{}", .content_type = "application/json"}};
    const HttpResponse first = handler.handle(with({}));
    const std::string etag{first.header("ETag").value()};

    const HttpResponse again = handler.handle(with({{"If-None-Match", etag}}));
    const HttpResponse other = handler.handle(with({{"If-None-Match", "W/\"other\""}}));

    CHECK(again.status == 304);
    CHECK(again.content().empty());
    CHECK(again.header("ETag") == etag);
    CHECK(other.status == 200);
}

TEST_CASE("what is compressed already is said to be")
{
    const std::string bytes = gzip("x");
    StaticHandler handler{
        {.bytes = bytes,
         .content_type = "text/javascript",
         .gzipped = true,
         .security_policy = "frame-ancestors 'none'"}};

    const HttpResponse response = handler.handle(with({}));

    CHECK(response.content() == bytes);
    CHECK(response.header("Content-Encoding") == "gzip");
    CHECK(response.header("Content-Security-Policy") == "frame-ancestors 'none'");
}

TEST_CASE("Accept-Encoding is read with its weights")
{
    CHECK(accepts_gzip("gzip"));
    CHECK(accepts_gzip("deflate, GZIP;q=0.5"));
    CHECK(accepts_gzip("*"));
    CHECK(accepts_gzip("gzip;q=1.0"));
    CHECK_FALSE(accepts_gzip(""));
    CHECK_FALSE(accepts_gzip("br"));
    CHECK_FALSE(accepts_gzip("gzip;q=0"));
    CHECK_FALSE(accepts_gzip("gzip; q=0.000"));
    CHECK_FALSE(accepts_gzip("xgzip"));
}

}  // namespace
}  // namespace libra
