#include "shared/broker/wake_signal.hpp"

#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace libra {

WakeSignal::WakeSignal() : descriptor_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)}
{
    if (descriptor_ < 0) {
        throw std::system_error{errno, std::generic_category(), "eventfd"};
    }
}

WakeSignal::~WakeSignal()
{
    ::close(descriptor_);
}

void WakeSignal::signal() const noexcept
{
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the descriptor is readable already.
    [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);
}

void WakeSignal::clear() const noexcept
{
    std::uint64_t count{};
    // Fails only when nobody signalled.
    [[maybe_unused]] const auto got = ::read(descriptor_, &count, sizeof count);
}

void WakeSignal::wait() const noexcept
{
    pollfd waiting{.fd = descriptor_, .events = POLLIN, .revents = 0};
    while (::poll(&waiting, 1, -1) < 0 && errno == EINTR) {
    }
    clear();
}

}  // namespace libra
