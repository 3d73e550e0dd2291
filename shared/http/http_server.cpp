#include "shared/http/http_server.hpp"

#include "shared/http/bounded_pool.hpp"
#include "shared/http/byte_budget.hpp"
#include "shared/http/connection.hpp"
#include "shared/http/connection_slots.hpp"
#include "shared/http/io_thread.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

namespace libra {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// For what accept() fails with that waiting may cure: no descriptors, no memory.
constexpr std::chrono::milliseconds k_accept_pause{100};

std::vector<std::unique_ptr<IoThread>> make_threads(std::size_t count, Clock& clock)
{
    std::vector<std::unique_ptr<IoThread>> threads;
    for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i) {
        threads.push_back(std::make_unique<IoThread>(clock));
    }
    return threads;
}

}  // namespace

struct HttpServer::State {
    State(Application& app, Clock& clock, Random& random, Log chosen_log, HttpSettings chosen)
        : settings{std::move(chosen)},
          log{std::move(chosen_log)},
          slots{settings.limits.connections, settings.limits.connections_per_address},
          body_memory{settings.limits.body_memory},
          workers{settings.workers, settings.queued_work},
          context{app, workers, clock, random, log, settings, body_memory, draining},
          threads{make_threads(settings.io_threads, clock)},
          acceptor{threads.front()->context()},
          pause{threads.front()->context()}
    {
    }

    Result<void> listen();
    Task<void> accept();
    void seat(Socket socket, IoThread& thread);

    // Connections, which die with `threads`, use everything above it.
    const HttpSettings settings;
    const Log log;
    ConnectionSlots slots;
    ByteBudget body_memory;
    std::atomic<bool> draining{false};
    BoundedPool workers;
    ServerContext context;
    std::vector<std::unique_ptr<IoThread>> threads;
    Acceptor acceptor;
    Timer pause;
    std::uint16_t port{};
    bool running{false};
};

Result<void> HttpServer::State::listen()
{
    boost::system::error_code failed;
    const asio::ip::address address = asio::ip::make_address(settings.address, failed);
    if (failed) {
        return Error{Errc::invalid_input, "'" + settings.address + "' is no IP address"};
    }
    const tcp::endpoint endpoint{address, settings.port};
    const auto refused = [&](const char* step) {
        return Error{
            Errc::unavailable,
            std::string{step} + " " + settings.address + " port " + std::to_string(settings.port) +
                ": " + failed.message()};
    };
    if (acceptor.open(endpoint.protocol(), failed); failed) {
        return refused("open");
    }
    acceptor.set_option(tcp::acceptor::reuse_address{true}, failed);
    if (address.is_v6()) {
        acceptor.set_option(asio::ip::v6_only{false}, failed);
    }
    if (acceptor.bind(endpoint, failed); failed) {
        return refused("bind");
    }
    if (acceptor.listen(asio::socket_base::max_listen_connections, failed); failed) {
        return refused("listen on");
    }
    port = acceptor.local_endpoint().port();
    return {};
}

Task<void> HttpServer::State::accept()
{
    for (std::size_t next = 0; acceptor.is_open(); next = (next + 1) % threads.size()) {
        IoThread& thread = *threads.at(next);
        Socket socket{thread.context()};
        const auto [failed] = co_await acceptor.async_accept(socket, k_await);
        if (!failed) {
            seat(std::move(socket), thread);
        } else if (acceptor.is_open()) {
            log.warning("no connection could be accepted", {{"reason", failed.message()}});
            pause.expires_after(k_accept_pause);
            co_await pause.async_wait(k_await);
        }
    }
}

void HttpServer::State::seat(Socket socket, IoThread& thread)
{
    boost::system::error_code failed;
    const auto peer = socket.remote_endpoint(failed);
    if (failed) {
        return;  // gone already
    }
    const std::string address = peer.address().to_string();
    ConnectionSlot slot = slots.take(address, !settings.trusted_proxies.trusts(address));
    if (slot.seat() == Seat::full) {
        return;
    }
    socket.set_option(tcp::no_delay{true}, failed);
    auto connection =
        std::make_unique<Connection>(std::move(socket), std::move(slot), thread, context);
    asio::co_spawn(
        thread.context().get_executor(), Connection::run(std::move(connection)), asio::detached
    );
}

HttpServer::HttpServer(
    Application& application,
    Clock& clock,
    Random& random,
    Log log,
    HttpSettings settings
)
    : state_{
          std::make_unique<State>(application, clock, random, std::move(log), std::move(settings))}
{
}

HttpServer::~HttpServer()
{
    stop(std::chrono::milliseconds{0});
}

Result<void> HttpServer::start()
{
    Result<void> listening = state_->listen();
    if (!listening) {
        return listening;
    }
    asio::co_spawn(
        state_->threads.front()->context().get_executor(), state_->accept(), asio::detached
    );
    for (const auto& thread : state_->threads) {
        thread->start();
    }
    state_->running = true;
    return {};
}

std::uint16_t HttpServer::port() const
{
    return state_->port;
}

bool HttpServer::stop(std::chrono::milliseconds grace)
{
    if (!std::exchange(state_->running, false)) {
        return true;
    }
    state_->draining = true;
    asio::post(state_->threads.front()->context(), [state = state_.get()] {
        boost::system::error_code ignored;
        state->acceptor.close(ignored);
    });
    for (const auto& thread : state_->threads) {
        thread->drain();
    }
    const bool emptied = state_->slots.wait_until_empty(grace);
    state_->workers.stop();
    for (const auto& thread : state_->threads) {
        thread->stop();
    }
    return emptied;
}

}  // namespace libra
