#pragma once

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace libra::testing {

struct RawAnswer {
    int status{};
    std::string head{};  // lower case, status line included
    std::string body{};

    /// Empty if there is none; `name` in lower case.
    std::string header(const std::string& name) const
    {
        const std::size_t at = head.find("\r\n" + name + ": ");
        if (at == std::string::npos) {
            return {};
        }
        const std::size_t begin = at + name.size() + 4;
        return head.substr(begin, head.find("\r\n", begin) - begin);
    }
};

/// A TCP connection to a port of this machine that sends exactly what it is told. Gives up after
/// ten seconds of silence, with an exception.
class RawClient {
public:
    explicit RawClient(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM, 0)}
    {
        const timeval patience{.tv_sec = 10, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        // The sockets API is made of this cast.
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
        const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
        if (::connect(socket_, generic, sizeof address) != 0) {
            ::close(socket_);
            throw std::runtime_error{"cannot connect"};
        }
    }

    ~RawClient() { ::close(socket_); }

    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    /// @return false if the server has closed.
    bool send(std::string_view bytes) const
    {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    void finish_sending() const { ::shutdown(socket_, SHUT_WR); }

    /// The next answer; `bodiless` when the request was HEAD. Status 0 if the server closed first.
    RawAnswer read(bool bodiless = false)
    {
        std::size_t end = 0;
        while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
            if (!receive()) {
                return {};
            }
        }
        RawAnswer answer;
        answer.head = received_.substr(0, end + 2);
        std::transform(answer.head.begin(), answer.head.end(), answer.head.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        answer.status = number(answer.head.substr(9, 3));
        received_.erase(0, end + 4);
        const std::string length = answer.header("content-length");
        const auto bytes =
            static_cast<std::size_t>(bodiless || length.empty() ? 0 : number(length));
        while (received_.size() < bytes && receive()) {
        }
        answer.body = received_.substr(0, bytes);
        received_.erase(0, bytes);
        return answer;
    }

    /// What arrives up to `end` and that, after a `read` of its head.
    std::string read_until(std::string_view end)
    {
        std::size_t at = 0;
        while ((at = received_.find(end)) == std::string::npos) {
            if (!receive()) {
                throw std::runtime_error{"the server closed: " + received_};
            }
        }
        std::string piece = received_.substr(0, at + end.size());
        received_.erase(0, piece.size());
        return piece;
    }

    RawAnswer ask(std::string_view request)
    {
        send(request);
        return read(request.starts_with("HEAD "));
    }

    /// Waits for the server to close. @return whether it did so without sending anything more.
    bool closed()
    {
        const bool silent = received_.empty() && !receive();
        while (receive()) {
        }
        return silent;
    }

private:
    static int number(std::string_view digits)
    {
        int value = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    }

    bool receive()
    {
        std::string piece(65536, '\0');
        const ssize_t count = ::recv(socket_, piece.data(), piece.size(), 0);
        if (count < 0 && errno == EAGAIN) {
            throw std::runtime_error{"the server said nothing for ten seconds"};
        }
        if (count <= 0) {
            return false;
        }
        received_.append(piece, 0, static_cast<std::size_t>(count));
        return true;
    }

    int socket_;
    std::string received_;
};

}  // namespace libra::testing
