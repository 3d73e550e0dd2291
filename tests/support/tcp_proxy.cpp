#include "tests/support/tcp_proxy.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace libra::testing {

namespace {

constexpr int k_tick_ms = 20;  // how soon a stop is noticed

template <class Address>
const sockaddr* generic(const Address& address)
{
    const void* const pointer = &address;
    return static_cast<const sockaddr*>(pointer);
}

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// @return -1 when the server refuses.
template <class Address>
int connected(int server, const Address& address)
{
    if (::connect(server, generic(address), sizeof address) != 0) {
        ::close(server);
        return -1;
    }
    return server;
}

int connect_to(const std::string& host, const std::string& port)
{
    if (host.starts_with('/')) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const std::string path = host + "/.s.PGSQL." + port;
        std::copy_n(
            path.begin(), std::min(path.size(), sizeof address.sun_path - 1), address.sun_path
        );
        return connected(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), address);
    }
    sockaddr_in address = loopback(std::stoi(port));
    if (host != "localhost" && ::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
        throw std::invalid_argument{"the proxy wants an IPv4 address: " + host};
    }
    return connected(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), address);
}

bool send_all(int to, const char* bytes, std::size_t count)
{
    while (count > 0) {
        const ssize_t sent = ::send(to, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes += sent;
        count -= static_cast<std::size_t>(sent);
    }
    return true;
}

}  // namespace

TcpProxy::TcpProxy(std::string server_host, std::string server_port)
    : host_{std::move(server_host)},
      server_port_{std::move(server_port)},
      listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    void* const pointer = &address;
    if (::bind(listener_, generic(address), size) != 0 || ::listen(listener_, SOMAXCONN) != 0 ||
        ::getsockname(listener_, static_cast<sockaddr*>(pointer), &size) != 0) {
        throw std::system_error{errno, std::generic_category(), "proxy"};
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::jthread{[this](const std::stop_token& stop) { accept_connections(stop); }};
}

TcpProxy::~TcpProxy()
{
    acceptor_.request_stop();
    acceptor_.join();
    forwarders_.clear();
    ::close(listener_);
}

void TcpProxy::lose_answer_to(const std::string& words)
{
    const std::scoped_lock lock{mutex_};
    words_ = words;
    lost_ = false;
}

void TcpProxy::accept_connections(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        pollfd waiting{.fd = listener_, .events = POLLIN, .revents = 0};
        if (::poll(&waiting, 1, k_tick_ms) <= 0) {
            continue;
        }
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        forwarders_.emplace_back([this, client](const std::stop_token& stop_forwarding) {
            const int server = connect_to(host_, server_port_);
            if (server >= 0) {
                forward(stop_forwarding, client, server);
                ::close(server);
            }
            ::close(client);
        });
    }
}

void TcpProxy::forward(const std::stop_token& stop, int client, int server)
{
    Connection connection{.client = client, .server = server};
    bool open = true;
    while (open && !stop.stop_requested()) {
        std::array<pollfd, 2> ends{
            pollfd{.fd = client, .events = POLLIN, .revents = 0},
            pollfd{.fd = server, .events = POLLIN, .revents = 0}};
        if (::poll(ends.data(), ends.size(), k_tick_ms) > 0) {
            open = std::all_of(ends.begin(), ends.end(), [&](const pollfd& end) {
                return end.revents == 0 || pass_on(connection, end.fd);
            });
        }
    }
}

bool TcpProxy::pass_on(Connection& connection, int from)
{
    std::array<char, 65536> buffer{};
    const ssize_t count = ::recv(from, buffer.data(), buffer.size(), 0);
    const bool answers = from == connection.server;
    if (count <= 0 || (connection.losing && answers)) {
        return false;
    }
    const auto bytes = static_cast<std::size_t>(count);
    if (!answers && takes_the_loss(buffer.data(), bytes)) {
        connection.losing = true;
    }
    const int to = answers ? connection.client : connection.server;
    return swallow_ || send_all(to, buffer.data(), bytes);
}

bool TcpProxy::takes_the_loss(const char* bytes, std::size_t count)
{
    const std::scoped_lock lock{mutex_};
    if (words_.empty() || std::string_view{bytes, count}.find(words_) == std::string_view::npos) {
        return false;
    }
    words_.clear();
    lost_ = true;
    return true;
}

}  // namespace libra::testing
