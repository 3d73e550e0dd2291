#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/wire/jwk.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

/// @file JSON Web Tokens (RFC 7519) of an issuer we trust: who somebody is, signed.
///
/// Source of what is refused: RFC 8725, "JSON Web Token Best Current Practices".

namespace libra {

inline constexpr std::size_t k_max_jwt_bytes = 8192;
inline constexpr std::chrono::seconds k_jwt_leeway{60};  // between the issuer's clock and ours

/// What a token has to say about itself.
struct JwtRules {
    std::string issuer{};
    std::string audience{};  // one of those it is for
};

struct VerifiedJwt {
    std::string user_id{};
    std::vector<std::string> scopes{};  // of ours
    UtcTime ends_at{};                  // from then on it is good for nothing; with the leeway
};

/// Pure. A good token has the compact form, an algorithm of `SignatureAlgorithm` and the signature
/// of one of the keys for that algorithm: the one it names by `kid`, or any where it names none.
/// It has `iss`, `aud`, `exp` and a `sub` that is an id of ours; `nbf` and `iat` have passed where
/// it has them. A header that asks for more (`crit`), or is of another type of token, is refused.
///
/// The words `libra:read` and `libra:deploy` of `scope` give those scopes, and `libra:admin` is
/// worth no more than `libra:deploy`: who runs the platform is not for the issuer to say. Where no
/// word begins with `libra:`, it is `deploy`.
///
/// @return `unauthenticated` with the reason, which repeats nothing of the token; `not_found` if
///         `keys` has none that it could be signed with but all else is well.
Result<VerifiedJwt>
verify_jwt(std::string_view token, const JwkSet& keys, const JwtRules& rules, UtcTime now);

}  // namespace libra
