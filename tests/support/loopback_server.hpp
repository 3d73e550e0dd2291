#pragma once

#include <arpa/inet.h>
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace libra::testing {

/// Answers each connection on a loopback port with fixed bytes, and keeps what it was asked.
class LoopbackServer {
public:
    /// With an empty `answer` a connection is held open and never answered.
    explicit LoopbackServer(std::string answer)
        : answer_{std::move(answer)}, listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 8) != 0 ||
            ::getsockname(listener_, generic, &size) != 0) {
            throw std::runtime_error{"no loopback port"};
        }
        port_ = ntohs(address.sin_port);
        thread_ = std::thread{[this] { serve(); }};
    }

    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;

    ~LoopbackServer()
    {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
        for (const int connection : held_) {
            ::close(connection);
        }
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

    /// The head and body of each request that was read.
    std::vector<std::string> requests() const
    {
        const std::scoped_lock lock{mutex_};
        return requests_;
    }

private:
    void serve()
    {
        while (true) {
            const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (connection < 0) {
                return;
            }
            if (answer_.empty()) {
                held_.push_back(connection);
                continue;
            }
            std::string request(16'384, '\0');
            const ssize_t got = ::recv(connection, request.data(), request.size(), 0);
            request.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
            {
                const std::scoped_lock lock{mutex_};
                requests_.push_back(std::move(request));
            }
            std::size_t sent = 0;
            while (sent < answer_.size()) {
                const ssize_t now =
                    ::send(connection, answer_.data() + sent, answer_.size() - sent, MSG_NOSIGNAL);
                if (now <= 0) {
                    break;
                }
                sent += static_cast<std::size_t>(now);
            }
            ::close(connection);
        }
    }

    std::string answer_;
    int listener_;
    std::uint16_t port_{};
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::vector<int> held_;
    std::thread thread_;
};

}  // namespace libra::testing
