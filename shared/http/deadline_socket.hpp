#pragma once

#include "shared/base/clock.hpp"
#include "shared/http/transport.hpp"

#include <chrono>
#include <string>
#include <string_view>

/// @file A client's socket, on which nothing lasts longer than it may.

namespace libra {

enum class OnDeadline {
    stop_reading,  // the client seems to have closed, but can still be answered
    drop,
};

/// Lives on one IoThread, whose sweep calls `enforce_deadline`.
class DeadlineSocket {
public:
    /// `clock` must outlive the socket.
    DeadlineSocket(Socket socket, Clock& clock);

    /// For reading; set a deadline first.
    Socket& stream() { return socket_; }

    /// The client's address; empty if it is gone already.
    const std::string& peer() const { return peer_; }

    void set_deadline(std::chrono::milliseconds from_now, OnDeadline action);
    void clear_deadline();

    /// Whether the latest deadline passed before another one was set.
    bool deadline_passed() const { return deadline_passed_; }

    void enforce_deadline(Instant now);

    /// What has arrived can still be read, after that comes the end of the stream. Unlike a cancel
    /// this cannot fall between two reads.
    void stop_reading();

    /// @param slice_limit  time for each 256 KiB.
    /// @return false if the client is gone or too slow.
    Task<bool>
    send(std::string_view head, std::string_view body, std::chrono::milliseconds slice_limit);

    /// Says that there is no more to come and reads on for `limit`: closing while the client still
    /// sends would reset the connection, and could take the last answer with it.
    Task<void> linger(std::chrono::milliseconds limit);

private:
    Socket socket_;
    Clock& clock_;
    std::string peer_;
    Instant deadline_{Instant::max()};
    OnDeadline on_deadline_{OnDeadline::drop};
    bool deadline_passed_{false};
};

}  // namespace libra
