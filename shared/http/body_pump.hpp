#pragma once

#include "shared/http/body_stream.hpp"
#include "shared/http/deadline_socket.hpp"
#include "shared/http/transport.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

/// @file From a BodyStream to a client.

namespace libra {

enum class BodyFraming {
    chunked,    // HTTP/1.1
    until_end,  // of the connection: HTTP/1.0
};

/// Lives on one IoThread; all methods belong to that thread. Occupies no other.
class BodyPump {
public:
    /// What it refers to must outlive it.
    BodyPump(DeadlineSocket& socket, BodyStream& stream, BodyFraming framing);

    /// Sends `head` and then pieces until there are no more or `stop` was called.
    /// @param slice_limit  time for each 256 KiB.
    /// @return false if the client is gone or too slow.
    Task<bool> run(std::string_view head, std::chrono::milliseconds slice_limit);

    /// Ends the body after the piece that is under way; whoever reads it asks again elsewhere.
    void stop();

    /// Of the body, without its framing.
    std::size_t bytes_sent() const { return bytes_sent_; }

private:
    struct Awakening;

    bool take(std::string& piece, bool quiet);
    void frame(std::string& head, std::string& piece, bool last) const;
    Task<bool> wait();

    DeadlineSocket& socket_;
    BodyStream& stream_;
    const BodyFraming framing_;
    std::shared_ptr<Awakening> awakening_;  // shared with calls of `wake` that are on their way
    std::size_t bytes_sent_{0};
    bool stopped_{false};
};

}  // namespace libra
