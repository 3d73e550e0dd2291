#pragma once

#include "shared/base/clock.hpp"
#include "shared/http/transport.hpp"

#include <string>
#include <thread>
#include <unordered_set>

/// @file One event loop and the connections that live on it.

namespace libra {

class Connection;

/// A connection never leaves its thread, so it needs no lock. A sweep ten times a second ends the
/// deadlines that have passed, which costs less than a timer for each.
class IoThread {
public:
    /// `clock` must outlive the thread.
    explicit IoThread(Clock& clock);
    ~IoThread();

    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;

    /// Runs the loop on a thread of its own until `stop`.
    void start();

    /// Ends the loop and joins the thread; connections that are left die with the object.
    void stop();

    /// Any thread: tells each connection that the server is going away.
    void drain();

    boost::asio::io_context& context() { return context_; }

    /// The rest: only on the loop's own thread.
    void enter(Connection& connection) { connections_.insert(&connection); }

    void leave(Connection& connection) { connections_.erase(&connection); }

    /// The current time for the Date header, at most a second old.
    const std::string& date() const { return date_; }

private:
    Task<void> sweep();
    void drain_here();

    Clock& clock_;
    std::string date_;
    // Outlives the context, whose destructor destroys the connections that are left.
    std::unordered_set<Connection*> connections_;
    boost::asio::io_context context_{1};
    Timer timer_{context_};
    std::thread thread_;
};

}  // namespace libra
