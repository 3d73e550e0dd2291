#include "tests/support/faulty_line.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace libra::testing {

namespace {

constexpr int k_tick_ms = 5;

sockaddr_in address_of(std::uint32_t host, std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = host;
    return address;
}

sockaddr* generic(sockaddr_in& address)
{
    void* const pointer = &address;
    return static_cast<sockaddr*>(pointer);
}

bool send_all(int to, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

/// Closing with this set resets the connection instead of ending it politely.
void reset(int socket)
{
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(socket);
}

/// @return whether the connection still stands.
bool forward(int from, int to)
{
    std::array<char, 65536> buffer{};
    const ssize_t count = ::recv(from, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) {
        return true;
    }
    return count > 0 && send_all(to, {buffer.data(), static_cast<std::size_t>(count)});
}

}  // namespace

FaultyLine::FaultyLine(const std::string& server_host, std::uint16_t server_port)
    : server_port_{server_port},
      server_address_{::inet_addr(server_host.c_str())},
      listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    sockaddr_in address = address_of(htonl(INADDR_LOOPBACK), 0);
    socklen_t size = sizeof address;
    if (::bind(listener_, generic(address), size) != 0 || ::listen(listener_, SOMAXCONN) != 0 ||
        ::getsockname(listener_, generic(address), &size) != 0) {
        throw std::system_error{errno, std::generic_category(), "faulty line"};
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

FaultyLine::~FaultyLine()
{
    thread_.request_stop();
    thread_.join();
    drop_all();
    ::close(listener_);
}

void FaultyLine::cut()
{
    const std::scoped_lock lock{mutex_};
    drop_all();
}

void FaultyLine::go_down()
{
    const std::scoped_lock lock{mutex_};
    mood_ = Mood::down;
    drop_all();
}

void FaultyLine::go_silent()
{
    const std::scoped_lock lock{mutex_};
    mood_ = Mood::silent;
}

void FaultyLine::restore()
{
    const std::scoped_lock lock{mutex_};
    mood_ = Mood::working;
}

void FaultyLine::say_to_clients(const std::string& bytes)
{
    const std::scoped_lock lock{mutex_};
    for (const Pair& pair : pairs_) {
        send_all(pair.client, bytes);
    }
}

void FaultyLine::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        std::vector<pollfd> waiting{{.fd = listener_, .events = POLLIN, .revents = 0}};
        {
            const std::scoped_lock lock{mutex_};
            for (const Pair& pair : mood_ == Mood::working ? pairs_ : std::vector<Pair>{}) {
                waiting.push_back({.fd = pair.client, .events = POLLIN, .revents = 0});
                waiting.push_back({.fd = pair.server, .events = POLLIN, .revents = 0});
            }
        }
        ::poll(waiting.data(), waiting.size(), k_tick_ms);
        const std::scoped_lock lock{mutex_};
        if (waiting.front().revents != 0) {
            accept_one();
        }
        if (mood_ == Mood::working) {
            forward_what_came();
        }
    }
}

void FaultyLine::accept_one()
{
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) {
        return;
    }
    ++connections_;
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = address_of(server_address_, server_port_);
    if (mood_ == Mood::down || ::connect(server, generic(address), sizeof address) != 0) {
        reset(client);
        reset(server);
        return;
    }
    pairs_.push_back({client, server});
}

void FaultyLine::forward_what_came()
{
    const auto broken = [](const Pair& pair) {
        if (forward(pair.client, pair.server) && forward(pair.server, pair.client)) {
            return false;
        }
        ::close(pair.client);
        ::close(pair.server);
        return true;
    };
    std::erase_if(pairs_, broken);
}

void FaultyLine::drop_all()
{
    for (const Pair& pair : pairs_) {
        reset(pair.client);
        reset(pair.server);
    }
    pairs_.clear();
}

}  // namespace libra::testing
