#pragma once

#include <string_view>

/// @file The errors the server finds by itself, before or instead of the application.
///
/// They share one form with the errors of the application (api-gateway/api/errors.hpp), which is
/// also who turns them into a body.

namespace libra {

struct ErrorKind {
    int status{};
    std::string_view code{};     // lower snake case, stable: clients branch on it
    std::string_view message{};  // what is wrong and what to do
    int retry_after_seconds{};   // 0: no Retry-After
};

inline constexpr ErrorKind k_bad_request{
    400,
    "bad_request",
    "The request is not well-formed HTTP/1.1; check the request line and the headers.",
};
inline constexpr ErrorKind k_request_timeout{
    408,
    "request_timeout",
    "The request did not arrive in time; send it again without pauses.",
};
inline constexpr ErrorKind k_body_too_large{
    413,
    "body_too_large",
    "The body is larger than this service accepts; send less in one request.",
};
inline constexpr ErrorKind k_expectation_failed{
    417,
    "expectation_failed",
    "The only supported expectation is `100-continue`.",
};
inline constexpr ErrorKind k_headers_too_large{
    431,
    "headers_too_large",
    "The request line and headers are larger than this service accepts; shorten them.",
};
inline constexpr ErrorKind k_internal_error{
    500,
    "internal_error",
    "The service failed to answer; report the X-Request-Id of this answer.",
};
inline constexpr ErrorKind k_overloaded{
    503,
    "overloaded",
    "The service is busy; try again after the time in Retry-After.",
    1,
};
inline constexpr ErrorKind k_too_many_connections{
    503,
    "too_many_connections",
    "Too many connections are open; close some, or try again after the time in Retry-After.",
    1,
};

}  // namespace libra
