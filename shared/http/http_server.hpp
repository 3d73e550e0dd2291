#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/base/random.hpp"
#include "shared/base/result.hpp"
#include "shared/http/application.hpp"
#include "shared/http/settings.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

/// @file The HTTP/1.1 server: sockets, limits, deadlines, worker threads. It knows nothing of what
/// it serves.

namespace libra {

/// One thread owns it.
class HttpServer {
public:
    /// The references must outlive the server.
    HttpServer(
        Application& application,
        Clock& clock,
        Random& random,
        Log log,
        HttpSettings settings
    );

    /// Stops without grace if `stop` was not called.
    ~HttpServer();

    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Binds, listens and begins to serve on threads of its own.
    /// @return `unavailable` with the reason, such as a port in use; `invalid_input` for an address
    ///         that is none.
    Result<void> start();

    /// Where it listens, once started.
    std::uint16_t port() const;

    /// Accepts no more, ends idle connections, lets requests under way finish for `grace` at most,
    /// then drops what is left. Blocks for `grace`, and for a handler that is still running.
    /// @return whether every connection ended by itself.
    bool stop(std::chrono::milliseconds grace);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace libra
