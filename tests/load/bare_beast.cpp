/// @file The least that a Beast server can do: one thread, one fixed answer. What the gateway's own
/// work costs shows beside it.
///
///     bare_beast PORT

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

// As long as an answer of GET /health.
constexpr const char* k_body =
    R"({"status":"healthy","timestamp":"2025-07-22T10:30:00.000Z","service":"Libra Deploy V2",)"
    R"("version":"0.1.0","uptime":3600000,"checks":{"database":"healthy","queue":"healthy"}})";

asio::awaitable<void> serve(tcp::socket socket)
{
    boost::beast::flat_buffer buffer;
    boost::system::error_code error;
    while (true) {
        http::request<http::string_body> request;
        co_await http::async_read(
            socket, buffer, request, asio::redirect_error(asio::use_awaitable, error)
        );
        if (error) {
            co_return;
        }
        http::response<http::string_body> response{http::status::ok, request.version()};
        response.set(http::field::content_type, "application/json");
        response.body() = k_body;
        response.prepare_payload();
        co_await http::async_write(
            socket, response, asio::redirect_error(asio::use_awaitable, error)
        );
        if (error) {
            co_return;
        }
    }
}

asio::awaitable<void> accept(tcp::acceptor acceptor)
{
    boost::system::error_code error;
    while (true) {
        tcp::socket socket =
            co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (!error) {
            socket.set_option(tcp::no_delay{true});
            asio::co_spawn(acceptor.get_executor(), serve(std::move(socket)), asio::detached);
        }
    }
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::fputs("usage: bare_beast PORT\n", stderr);
        return 2;
    }
    asio::io_context context{1};
    const auto port = static_cast<std::uint16_t>(std::stoi(argv[1]));
    tcp::acceptor acceptor{context, {asio::ip::make_address("127.0.0.1"), port}};
    asio::co_spawn(context, accept(std::move(acceptor)), asio::detached);
    context.run();
}
