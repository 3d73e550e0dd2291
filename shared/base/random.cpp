#include "shared/base/random.hpp"

#include "shared/base/digest.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/random.h>
#include <system_error>

namespace libra {

void SystemRandom::fill(std::span<std::uint8_t> bytes)
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
