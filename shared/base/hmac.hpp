#pragma once

#include <string>
#include <string_view>

namespace libra {

/// HMAC-SHA-256 (RFC 2104): 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view message);

}  // namespace libra
