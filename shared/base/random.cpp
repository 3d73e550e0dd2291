#include "shared/base/random.hpp"

#include "shared/base/digest.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <sys/random.h>
#include <system_error>

namespace libra {

namespace {

void ask_kernel(std::span<std::uint8_t> bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::getrandom(bytes.data(), bytes.size(), 0);
        if (count < 0 && errno != EINTR) {
            throw std::system_error{errno, std::generic_category(), "getrandom"};
        }
        if (count > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        }
    }
}

/// A thread's supply, so that not every id is a system call. What was handed out is wiped.
struct Supply {
    std::array<std::uint8_t, 1024> bytes{};
    std::size_t left{};
};

}  // namespace

void SystemRandom::fill(std::span<std::uint8_t> bytes)
{
    thread_local Supply supply;
    if (bytes.size() > supply.bytes.size() / 4) {
        ask_kernel(bytes);
        return;
    }
    if (supply.left < bytes.size()) {
        ask_kernel(supply.bytes);
        supply.left = supply.bytes.size();
    }
    const std::span<std::uint8_t> taken =
        std::span{supply.bytes}.subspan(supply.left - bytes.size(), bytes.size());
    std::copy(taken.begin(), taken.end(), bytes.begin());
    ::explicit_bzero(taken.data(), taken.size());
    supply.left -= bytes.size();
}

std::string new_id(Random& random)
{
    std::array<std::uint8_t, 16> bytes{};
    random.fill(bytes);
    return to_hex(bytes);
}

double unit_interval(Random& random)
{
    std::array<std::uint8_t, 8> bytes{};
    random.fill(bytes);
    std::uint64_t bits{};
    std::memcpy(&bits, bytes.data(), sizeof bits);
    return static_cast<double>(bits >> 11U) * 0x1.0p-53;
}

}  // namespace libra
