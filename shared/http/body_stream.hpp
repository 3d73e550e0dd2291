#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

/// @file The body of an answer that comes in pieces, as long as it takes.

namespace libra {

/// Made by the application, pulled by the connection: what the client does not read is not asked
/// for. Its destruction tells the application that nobody reads any more.
class BodyStream {
public:
    enum class More { to_come, none };

    virtual ~BodyStream() = default;

    /// Called once, before anything else. `wake` says that `take` may have something; any thread
    /// may call it, until the stream is destroyed.
    virtual void start(std::function<void()> wake) = 0;

    /// Appends what is there to `piece`, which may be nothing. Called on an I/O thread: must not
    /// block. Not called again after `none`.
    virtual More take(std::string& piece) = 0;

    /// Sent after each `quiet_limit` without a piece, so that nobody takes the connection for dead.
    virtual std::string_view filler() const = 0;
    virtual std::chrono::milliseconds quiet_limit() const = 0;
};

}  // namespace libra
