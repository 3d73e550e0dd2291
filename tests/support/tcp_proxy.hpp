#pragma once

#include <atomic>
#include <list>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

/// @file A network that fails on demand, between a client and a real server.

namespace libra::testing {

/// Forwards connections to 127.0.0.1:`port` to one server. Methods may be called from any thread.
class TcpProxy {
public:
    /// `server_host` may be a folder, where PostgreSQL keeps its local sockets.
    TcpProxy(std::string server_host, std::string server_port);
    ~TcpProxy();
    TcpProxy(const TcpProxy&) = delete;
    TcpProxy& operator=(const TcpProxy&) = delete;

    int port() const { return port_; }

    /// The next time a client sends `words`: they reach the server, its answer is swallowed and the
    /// connection is cut. Later connections work.
    void lose_answer_to(const std::string& words);

    /// From now on nothing is forwarded, as on a network that drops packets; `false` ends that for
    /// new connections.
    void swallow(bool on) { swallow_ = on; }

    /// Whether the loss that was asked for has happened.
    bool lost_an_answer() const { return lost_; }

private:
    struct Connection {
        int client{};
        int server{};
        bool losing{};
    };

    void accept_connections(const std::stop_token& stop);
    void forward(const std::stop_token& stop, int client, int server);
    /// @return false when the connection has to end.
    bool pass_on(Connection& connection, int from);
    bool takes_the_loss(const char* bytes, std::size_t count);

    std::string host_;
    std::string server_port_;
    int listener_{-1};
    int port_{0};
    std::atomic<bool> swallow_{false};
    std::atomic<bool> lost_{false};
    std::mutex mutex_;
    std::string words_;
    std::list<std::jthread> forwarders_;  // touched by the acceptor only
    std::jthread acceptor_;
};

}  // namespace libra::testing
