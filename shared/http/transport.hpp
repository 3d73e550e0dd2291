#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

/// @file Asio's types, bound to the one executor we use so that no call goes through a type-erased
/// one. Only for the sources of this room.

namespace libra {

using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;
using Timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock,
    boost::asio::wait_traits<std::chrono::steady_clock>,
    Executor>;

template <class T>
using Task = boost::asio::awaitable<T, Executor>;

/// `co_await x.async_…(k_await)` gives a tuple that begins with the error code; it does not throw.
inline constexpr boost::asio::as_tuple_t<boost::asio::use_awaitable_t<Executor>> k_await{};

}  // namespace libra
