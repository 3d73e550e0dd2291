#include "api-gateway/api/request_span.hpp"

#include <algorithm>
#include <array>

namespace libra {

namespace {

constexpr int k_first_server_error = 500;

/// A name for what may be anything a client sends.
std::string known_method(std::string_view method)
{
    constexpr std::array<std::string_view, 9> k_known{
        "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"};
    const bool known = std::find(k_known.begin(), k_known.end(), method) != k_known.end();
    return std::string{known ? method : "_OTHER"};
}

}  // namespace

Span span_of(const ServedRequest& served, std::string_view route)
{
    const HttpRequest& request = served.request;
    const std::string method = known_method(request.method);
    Span span{
        .context = request.trace,
        .name = method == "_OTHER" ? "HTTP" : method,
        .kind = SpanKind::server,
        .began = served.began,
        .ended = served.began + served.duration,
        .attributes = {
            {"http.request.method", method},
            {"url.scheme", "http"},
            {"url.path", std::string{request.raw_path}},
            {"http.response.status_code", served.status},
            {"client.address", request.client},
            {"libra.request.id", request.request_id}}};
    if (!route.empty()) {
        span.name.append(" ").append(route);
        span.attributes.push_back({"http.route", std::string{route}});
    }
    if (served.status >= k_first_server_error) {
        span.error = std::to_string(served.status);
        span.attributes.push_back({"error.type", span.error});
    }
    return span;
}

}  // namespace libra
