#include "shared/http/deadline_socket.hpp"

#include <boost/asio/write.hpp>

#include <array>
#include <utility>

namespace libra {

namespace asio = boost::asio;

namespace {

constexpr std::size_t k_slice_bytes = 256U << 10U;
constexpr std::size_t k_discard_bytes = 16U << 10U;

std::string address_of(const Socket& socket)
{
    boost::system::error_code failed;
    const auto peer = socket.remote_endpoint(failed);
    return failed ? std::string{} : peer.address().to_string();
}

}  // namespace

DeadlineSocket::DeadlineSocket(Socket socket, Clock& clock)
    : socket_{std::move(socket)}, clock_{clock}, peer_{address_of(socket_)}
{
}

void DeadlineSocket::set_deadline(std::chrono::milliseconds from_now, OnDeadline action)
{
    deadline_ = clock_.now() + from_now;
    on_deadline_ = action;
    deadline_passed_ = false;
}

void DeadlineSocket::clear_deadline()
{
    deadline_ = Instant::max();
}

void DeadlineSocket::enforce_deadline(Instant now)
{
    if (now < deadline_) {
        return;
    }
    clear_deadline();
    deadline_passed_ = true;
    if (on_deadline_ == OnDeadline::stop_reading) {
        stop_reading();
    } else {
        boost::system::error_code ignored;
        socket_.close(ignored);
    }
}

void DeadlineSocket::stop_reading()
{
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_receive, ignored);
}

Task<bool> DeadlineSocket::send(
    std::string_view head,
    std::string_view body,
    std::chrono::milliseconds slice_limit
)
{
    std::array<asio::const_buffer, 2> pieces{
        asio::buffer(head), asio::buffer(body.substr(0, k_slice_bytes))};
    while (true) {
        set_deadline(slice_limit, OnDeadline::drop);
        const auto [failed, bytes] = co_await asio::async_write(socket_, pieces, k_await);
        if (failed) {
            co_return false;
        }
        body.remove_prefix(pieces[1].size());
        if (body.empty()) {
            co_return true;
        }
        pieces = {asio::const_buffer{}, asio::buffer(body.substr(0, k_slice_bytes))};
    }
}

Task<void> DeadlineSocket::linger(std::chrono::milliseconds limit)
{
    boost::system::error_code failed;
    socket_.shutdown(Socket::shutdown_send, failed);
    set_deadline(limit, OnDeadline::drop);
    std::string discarded(k_discard_bytes, '\0');
    while (!failed) {
        const auto [ended, bytes] =
            co_await socket_.async_read_some(asio::buffer(discarded), k_await);
        failed = ended;
    }
}

}  // namespace libra
