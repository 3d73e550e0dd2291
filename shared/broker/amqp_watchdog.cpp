#include "shared/broker/amqp_watchdog.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace libra {

namespace {

constexpr int k_looks_per_limit = 4;

}  // namespace

AmqpWatchdog::AmqpWatchdog(int socket, std::chrono::milliseconds limit)
    : socket_{::fcntl(socket, F_DUPFD_CLOEXEC, 0)}, limit_{limit}
{
    if (socket_ < 0) {
        throw std::system_error{errno, std::generic_category(), "duplicate the broker's socket"};
    }
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

AmqpWatchdog::~AmqpWatchdog()
{
    thread_.request_stop();
    thread_.join();
    ::close(socket_);
}

// It looks now and then instead of being told of every call: a call costs two increments this way.
void AmqpWatchdog::run(const std::stop_token& stop)
{
    std::uint64_t seen = 0;
    int looks = 0;
    std::unique_lock lock{mutex_};
    while (!stop.stop_requested()) {
        stopped_.wait_for(lock, stop, limit_ / k_looks_per_limit, [] { return false; });
        const std::uint64_t calls = calls_;
        looks = calls == seen && calls % 2 == 1 ? looks + 1 : 0;
        seen = calls;
        if (looks >= k_looks_per_limit) {
            ::shutdown(socket_, SHUT_RDWR);
        }
    }
}

}  // namespace libra
