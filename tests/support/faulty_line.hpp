#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// @file A TCP line to a real server that fails in the ways a network fails.

namespace libra::testing {

/// Forwards connections made to 127.0.0.1:`port()`. Any thread may call the methods; each has taken
/// effect when it returns.
class FaultyLine {
public:
    /// `server_host` is an IPv4 address.
    FaultyLine(const std::string& server_host, std::uint16_t server_port);
    ~FaultyLine();
    FaultyLine(const FaultyLine&) = delete;
    FaultyLine& operator=(const FaultyLine&) = delete;

    std::uint16_t port() const { return port_; }

    /// Resets the connections there are; new ones work.
    void cut();

    /// Resets the connections there are and, until `restore`, every new one.
    void go_down();

    /// Until `restore` nothing is read or sent any more, as on a network that drops packets: what a
    /// client sends fills its buffers and then blocks it. New connections are made, and starve.
    void go_silent();

    /// Ends both; what was held back flows on.
    void restore();

    /// Sends `bytes` to every client as if the server had.
    void say_to_clients(const std::string& bytes);

    /// How many connections clients have made so far.
    int connections() const { return connections_; }

private:
    struct Pair {
        int client{-1};
        int server{-1};
    };

    enum class Mood { working, down, silent };

    void run(const std::stop_token& stop);
    void accept_one();
    void forward_what_came();
    void drop_all();

    std::uint16_t server_port_;
    std::uint32_t server_address_;  // network byte order
    int listener_{-1};
    std::uint16_t port_{0};
    std::mutex mutex_;
    Mood mood_{Mood::working};
    std::vector<Pair> pairs_;
    std::atomic<int> connections_{0};
    std::jthread thread_;
};

}  // namespace libra::testing
