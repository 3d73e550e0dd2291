#pragma once

#include "shared/http/message.hpp"

#include <chrono>
#include <string>
#include <string_view>

/// @file The bytes that precede an answer's body.

namespace libra {

struct ResponseFrame {
    std::string_view date{};  // IMF-fixdate
    std::string_view request_id{};
    std::chrono::microseconds elapsed{};
    bool keep_alive{};
    bool chunked{};  // of a stream: HTTP/1.0 knows no chunks
};

/// Appends status line and headers to `out`. Pure. Line breaks in a value become spaces.
void append_head(std::string& out, const HttpResponse& response, const ResponseFrame& frame);

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
std::string http_date(std::chrono::sys_seconds time);

}  // namespace libra
