#pragma once

#include "shared/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

/// @file Requests to other services: the static host, a provider, a webhook's receiver.

namespace libra {

enum class HttpMethod { get, head, post, put, patch, remove };

struct HttpField {
    std::string name{};  // in an answer always lower case
    std::string value{};
};

struct HttpCall {
    HttpMethod method{HttpMethod::get};
    std::string url{};                 // http or https
    std::vector<HttpField> headers{};  // `host` replaces the one of the URL
    std::string body{};
    std::chrono::milliseconds connect_timeout{3000};
    std::chrono::milliseconds timeout{10'000};  // for the whole call
    std::uint64_t max_body_bytes{1U << 20U};    // of the answer
    bool head_only{};  // the answer counts as whole with its head; a body is not waited for
    /// Takes the body of a 200 piece by piece, instead of it being kept, and without
    /// `max_body_bytes`. False ends the call with `cancelled`. Called on the sender's thread.
    std::function<bool(std::string_view piece)> take_piece{};
    /// Is asked about each IP address before it is connected to; false leaves it out. Without it
    /// all are good. Called on the sender's thread.
    std::function<bool(std::string_view address)> allow_address{};
};

struct HttpReply {
    int status{};
    std::vector<HttpField> headers{};  // in the order received
    std::string body{};

    /// The first header of that name, which is given in lower case.
    std::optional<std::string_view> header(std::string_view name) const;
};

/// Thread-safe.
class HttpClient {
public:
    virtual ~HttpClient() = default;

    /// Sends one request and blocks until its answer is complete. An answer is a value whatever its
    /// status; a redirect is an answer and is not followed. Nothing is sent twice.
    ///
    /// @return `invalid_input` for a URL that is not http(s), or a header that would not be one;
    ///         `rejected` if `allow_address` left no address of the host;
    ///         `unavailable` if there was no whole answer; `timed_out`; `cancelled` within a second
    ///         of a request to `stop`; `limit_exceeded` for an answer over `max_body_bytes` or with
    ///         more than 64 KiB of headers.
    virtual Result<HttpReply> send(const HttpCall& call, std::stop_token stop) = 0;
};

}  // namespace libra
