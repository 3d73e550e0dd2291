#pragma once

#include "shared/base/digest.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace libra::fuzz {

/// Every byte as `%` and two digits, needed or not.
inline std::string percent_encoded(std::string_view text)
{
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<std::uint8_t>(c);
        encoded += '%' + to_hex({&byte, 1});
    }
    return encoded;
}

}  // namespace libra::fuzz
