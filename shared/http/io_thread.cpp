#include "shared/http/io_thread.hpp"

#include "shared/http/connection.hpp"
#include "shared/http/response_head.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

namespace libra {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds k_sweep_interval{100};

}  // namespace

IoThread::IoThread(Clock& clock)
    : clock_{clock}, date_{http_date(std::chrono::floor<std::chrono::seconds>(clock.utc_now()))}
{
}

IoThread::~IoThread()
{
    stop();
}

void IoThread::start()
{
    asio::co_spawn(context_.get_executor(), sweep(), asio::detached);
    thread_ = std::thread{[this] { context_.run(); }};
}

void IoThread::stop()
{
    context_.stop();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void IoThread::drain()
{
    asio::post(context_, [this] { drain_here(); });
}

void IoThread::drain_here()
{
    for (Connection* connection : connections_) {
        connection->drain();
    }
}

Task<void> IoThread::sweep()
{
    while (true) {
        timer_.expires_after(k_sweep_interval);
        const auto [failed] = co_await timer_.async_wait(k_await);
        if (failed) {
            co_return;
        }
        date_ = http_date(std::chrono::floor<std::chrono::seconds>(clock_.utc_now()));
        const Instant now = clock_.now();
        for (Connection* connection : connections_) {
            connection->enforce_deadline(now);
        }
    }
}

}  // namespace libra
