#pragma once

#include "shared/base/public_key.hpp"
#include "shared/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

/// @file The public keys of an issuer of JWTs (RFC 7517), as it publishes them.

namespace libra {

struct Jwk {
    std::string id{};  // empty: it has none
    PublicKey key;
};

using JwkSet = std::vector<Jwk>;

/// Leaves out what is not for signatures and what we do not know: all but RS256, ES256 and EdDSA on
/// Ed25519. So an issuer may have other keys too, and malformed ones.
///
/// @return `invalid_input` for what is no set of keys. One without any key is a set.
Result<JwkSet> parse_jwk_set(std::string_view json);

}  // namespace libra
