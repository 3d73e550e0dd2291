#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/result.hpp"

#include <string>
#include <vector>

/// @file The JWTs that were found good, so that the database knows whom they stand for.
///
/// Upstream: the gateway's auth. Downstream: PostgreSQL, where each statement looks credentials up.

namespace libra {

struct AdmittedJwt {
    Digest digest{};  // of the whole token
    std::string user_id{};
    std::vector<std::string> scopes{};
    UtcTime ends_at{};
};

/// Thread-safe; each call is one transaction; `unavailable` when the database does not answer.
class JwtStore {
public:
    virtual ~JwtStore() = default;

    /// From then on it is a credential like a token, until its end. Again for the same one changes
    /// nothing. Forgets a few that ended an hour ago, more than it adds.
    virtual Result<void> note(const AdmittedJwt& jwt) = 0;
};

}  // namespace libra
