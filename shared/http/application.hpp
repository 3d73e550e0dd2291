#pragma once

#include "shared/base/clock.hpp"
#include "shared/http/error_kind.hpp"
#include "shared/http/message.hpp"

#include <chrono>
#include <optional>

/// @file What the server serves. HttpServer calls it; it knows nothing of sockets.

namespace libra {

/// One finished exchange, for the access log and the metrics.
struct ServedRequest {
    const HttpRequest& request;  // empty fields when not even its head could be read
    int status{};
    std::size_t body_bytes{};              // of the answer
    std::chrono::microseconds duration{};  // until the head of the answer
    bool aborted{};                        // the client was gone before the whole answer was sent
    Instant began{};                       // when its first bytes were there
};

/// Every method is called from several threads at once.
class Application {
public:
    virtual ~Application() = default;

    /// Answers what needs neither the body nor a wait; nothing means `answer` is to be called once
    /// the body is there. Called on an I/O thread: must not block.
    virtual std::optional<HttpResponse> answer_at_once(const HttpRequest& head) = 0;

    /// Called on a worker thread, where it may block. An exception becomes `k_internal_error`.
    virtual HttpResponse answer(const HttpRequest& request) = 0;

    /// The body of an error that the server found. Must not block.
    virtual HttpResponse refuse(const ErrorKind& error) = 0;

    /// Adds the headers that every answer carries, errors included. Must not block.
    virtual void finish(const HttpRequest& request, HttpResponse& response) = 0;

    /// Called once for each answer, after it was sent. Must not block for long or throw.
    virtual void served(const ServedRequest& served) = 0;
};

}  // namespace libra
