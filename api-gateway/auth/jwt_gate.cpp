#include "api-gateway/auth/jwt_gate.hpp"

#include <algorithm>
#include <utility>

namespace libra {

namespace {

/// Then it is noted again, in case the database has lost it (to a standby that took over, say).
constexpr std::chrono::minutes k_remembered_for{10};

}  // namespace

JwtGate::JwtGate(const JwtIssuer& issuer, Parts parts, const Log& log, KeyPolicy policy)
    : parts_{parts},
      rules_{issuer.rules},
      keys_{issuer.keys_url, parts.http, parts.clock, log, policy}
{
}

Result<void> JwtGate::admit(std::string_view token)
{
    Result<SharedJwkSet> keys = keys_.keys();
    if (keys.has_error()) {
        return keys.error();
    }
    const Digest digest = sha256(token);
    if (admitted_.contains(digest, *keys, parts_.clock.utc_now())) {
        return {};
    }
    return verify(token, digest, *std::move(keys));
}

Result<void> JwtGate::verify(std::string_view token, const Digest& digest, SharedJwkSet keys)
{
    const UtcTime now = parts_.clock.utc_now();
    Result<VerifiedJwt> jwt = verify_jwt(token, *keys, rules_, now);
    if (jwt.has_error() && jwt.error().code == Errc::not_found) {
        Result<SharedJwkSet> newer = keys_.newer_than(keys);
        if (newer.has_error()) {
            return newer.error();
        }
        keys = *std::move(newer);
        jwt = verify_jwt(token, *keys, rules_, now);
    }
    if (jwt.has_error()) {
        return Error{Errc::unauthenticated, jwt.error().detail};
    }
    const Result<void> noted = parts_.store.note(
        {.digest = digest, .user_id = jwt->user_id, .scopes = jwt->scopes, .ends_at = jwt->ends_at}
    );
    if (noted.has_error()) {
        return noted.error();
    }
    admitted_.add(digest, keys, std::min(jwt->ends_at, now + k_remembered_for));
    return {};
}

}  // namespace libra
