#pragma once

#include "shared/base/trace_context.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file One HTTP request and its answer, as the application sees them.

namespace libra {

class BodyStream;

struct HttpHeader {
    std::string_view name{};  // as sent; names are compared without case
    std::string_view value{};
};

struct QueryParameter {
    std::string name{};  // decoded
    std::string value{};
};

/// The views point into the connection's buffers: they live as long as the call the request was
/// passed to.
struct HttpRequest {
    std::string_view method{};
    std::string_view raw_path{};  // as sent, still percent-encoded, without the query: for the log
    std::string path{};           // decoded
    std::vector<QueryParameter> query{};
    std::vector<HttpHeader> headers{};
    std::string_view body{};
    std::string client{};  // address of the client, seen through trusted proxies
    std::string request_id{};
    TraceContext trace{};  // the span of this request

    /// The first header of that name.
    std::optional<std::string_view> header(std::string_view name) const;

    /// How many headers have that name.
    std::size_t count(std::string_view name) const;

    /// The first parameter of that name.
    std::optional<std::string_view> parameter(std::string_view name) const;

    /// What stands between two slashes of `path`, counted from 0; empty beyond the last.
    std::string_view segment(std::size_t index) const;
};

/// The server adds Date, Server, Connection, Content-Length or
/// Transfer-Encoding, X-Request-Id and X-Response-Time.
struct HttpResponse {
    int status{200};
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    std::string_view static_body{};        // sent in place of an empty `body`; must never go away
    std::shared_ptr<BodyStream> stream{};  // sent in place of both; shared for an answer is a value

    std::string_view content() const { return body.empty() ? static_body : body; }

    /// The first header of that name.
    std::optional<std::string_view> header(std::string_view name) const;
};

bool equal_without_case(std::string_view left, std::string_view right);

/// Without blanks and tabs at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace libra
