#pragma once

#include "api-gateway/auth/admitted_jwts.hpp"
#include "api-gateway/auth/issuer_keys.hpp"
#include "api-gateway/auth/jwt_issuer.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/base/result.hpp"
#include "shared/net/http_client.hpp"
#include "shared/storage/jwt_store.hpp"

#include <stop_token>
#include <string_view>

/// @file Makes a JWT of the trusted issuer a credential like any other.
///
/// Upstream: the router, before an endpoint sees the request. Downstream: the issuer's keys, and
/// the store, where the endpoints' statements then find the JWT as they find a token.

namespace libra {

/// Thread-safe.
class JwtGate {
public:
    struct Parts {
        HttpClient& http;
        JwtStore& store;
        Clock& clock;
    };

    /// What `parts` refers to must outlive it.
    JwtGate(const JwtIssuer& issuer, Parts parts, const Log& log, KeyPolicy policy = {});

    /// Keeps the issuer's keys at hand, until `stop`.
    void run(const std::stop_token& stop) { keys_.keep_fresh(stop); }

    /// A token that was admitted a moment ago costs a look into a table in memory; a new one is
    /// verified and noted in the store. May block as IssuerKeys and JwtStore do.
    ///
    /// @return `unauthenticated` with the reason, for the log; `unavailable` where the issuer's
    ///         keys or the database cannot be had, so that nobody can say whether it is good.
    Result<void> admit(std::string_view token);

private:
    Result<void> verify(std::string_view token, const Digest& digest, SharedJwkSet keys);

    Parts parts_;
    JwtRules rules_;
    IssuerKeys keys_;
    AdmittedJwts admitted_;
};

}  // namespace libra
