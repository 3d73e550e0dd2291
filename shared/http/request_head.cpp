#include "shared/http/request_head.hpp"

#include "shared/http/target.hpp"

#include <boost/beast/http/error.hpp>

#include <utility>

namespace libra {

namespace http = boost::beast::http;

namespace {

constexpr unsigned k_http_1_1 = 11;

bool well_framed(const HttpRequest& request, unsigned version)
{
    // Any coding besides a single `chunked` leaves the end of the body to guesswork, which is how
    // requests are smuggled (RFC 9112, 6.3). Beast itself refuses it beside Content-Length.
    const std::optional<std::string_view> coding = request.header("Transfer-Encoding");
    if (coding && (version < k_http_1_1 || !equal_without_case(*coding, "chunked"))) {
        return false;
    }
    const std::size_t hosts = request.count("Host");
    return hosts == 1 || (hosts == 0 && version < k_http_1_1);
}

}  // namespace

const ErrorKind* fill_request(const http::request<http::string_body>& message, HttpRequest& into)
{
    into.method = message.method_string();
    into.headers.clear();
    for (const auto& field : message) {
        into.headers.push_back({field.name_string(), field.value()});
    }
    std::optional<RequestTarget> target = parse_target(message.target());
    if (!target || !well_framed(into, message.version())) {
        return &k_bad_request;
    }
    into.raw_path = target->raw_path;
    into.path = std::move(target->path);
    into.query = std::move(target->query);
    if (into.header("Expect") && !expects_continue(into)) {
        return &k_expectation_failed;
    }
    return nullptr;
}

bool expects_continue(const HttpRequest& request)
{
    const std::optional<std::string_view> expectation = request.header("Expect");
    return expectation && equal_without_case(*expectation, "100-continue");
}

std::string forwarded_for(const HttpRequest& request)
{
    std::string addresses;
    for (const HttpHeader& header : request.headers) {
        if (equal_without_case(header.name, "X-Forwarded-For")) {
            addresses += addresses.empty() ? "" : ",";
            addresses += header.value;
        }
    }
    return addresses;
}

const ErrorKind* explain_read_failure(const boost::system::error_code& failed, bool in_head)
{
    static const auto& k_http = make_error_code(http::error::end_of_stream).category();
    if (failed.category() != k_http || failed == http::error::end_of_stream ||
        failed == http::error::partial_message) {
        return nullptr;
    }
    if (failed == http::error::body_limit) {
        return &k_body_too_large;
    }
    const bool too_large =
        failed == http::error::header_limit || (in_head && failed == http::error::buffer_overflow);
    return too_large ? &k_headers_too_large : &k_bad_request;
}

}  // namespace libra
