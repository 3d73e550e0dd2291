#include "shared/http/request_head.hpp"
#include "tests/fuzz/target.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <string>

namespace libra::fuzz {

namespace {

namespace http = boost::beast::http;

using Parser = http::request_parser<http::string_body>;

constexpr std::uint32_t k_head_bytes = 4096;
constexpr std::uint64_t k_body_bytes = 1024;

/// Feeds `parser` until it has all it wants, or the input is over.
boost::system::error_code read(Parser& parser, std::string_view input)
{
    boost::system::error_code failed;
    parser.header_limit(k_head_bytes);
    parser.body_limit(k_body_bytes);
    parser.eager(true);
    while (!parser.is_done() && !input.empty() && !failed) {
        const std::size_t consumed =
            parser.put(boost::asio::buffer(input.data(), input.size()), failed);
        if (consumed == 0) {
            break;
        }
        input.remove_prefix(consumed);
    }
    return failed == http::error::need_more ? boost::system::error_code{} : failed;
}

bool visible(std::string_view text)
{
    return std::none_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
    });
}

void check_framing(const HttpRequest& request, unsigned version)
{
    const bool coded = request.count("Transfer-Encoding") > 0;
    must(request.count("Host") == 1 || version < 11, "a request names one host");
    must(!coded || request.count("Content-Length") == 0, "a body ends in one way");
    must(
        !coded || equal_without_case(*request.header("Transfer-Encoding"), "chunked"),
        "a coded body is chunked"
    );
}

void check_request(const HttpRequest& request, unsigned version)
{
    must(!request.method.empty() && visible(request.method), "a method is a word");
    must(request.path.starts_with('/') || request.path == "*", "a path begins with a slash");
    for (const HttpHeader& header : request.headers) {
        must(visible(header.name) && visible(header.value), "a header is one line");
        must(header.value == trimmed(header.value), "a value has no blanks around it");
    }
    must(visible(forwarded_for(request)), "what proxies say is one line");
    check_framing(request, version);
}

/// Another server, to which the request is sent on, must read the same one.
void check_sent_on(const HttpRequest& request, std::string_view target, unsigned version)
{
    std::string text{request.method};
    text.append(" ").append(target).append(version < 11 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
    for (const HttpHeader& header : request.headers) {
        // Without a blank it is not longer than what was read, for which there is a limit.
        text.append(header.name).append(":").append(header.value).append("\r\n");
    }
    Parser parser;
    must(!read(parser, text + "\r\n") && parser.is_header_done(), "a request can be sent on");
    HttpRequest again;
    must(fill_request(parser.get(), again) == nullptr, "what was good stays good");
    must(again.path == request.path && again.method == request.method, "it asks for the same");
    must(
        std::equal(
            again.headers.begin(),
            again.headers.end(),
            request.headers.begin(),
            request.headers.end(),
            [](const HttpHeader& a, const HttpHeader& b) {
                return a.name == b.name && a.value == b.value;
            }
        ),
        "it has the same headers"
    );
}

}  // namespace

void try_input(std::string_view input)
{
    Parser parser;
    const boost::system::error_code failed = read(parser, input);
    if (failed) {
        const ErrorKind* const kind = explain_read_failure(failed, !parser.is_header_done());
        must(
            kind == nullptr || (kind->status >= 400 && kind->status < 500),
            "what is no request is the client's mistake"
        );
    }
    if (!parser.is_header_done()) {
        return;
    }
    HttpRequest request;
    if (const ErrorKind* const bad = fill_request(parser.get(), request)) {
        must(bad->status == 400 || bad->status == 417, "a bad head is the client's mistake");
        return;
    }
    check_request(request, parser.get().version());
    check_sent_on(request, parser.get().target(), parser.get().version());
}

}  // namespace libra::fuzz
