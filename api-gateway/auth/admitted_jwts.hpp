#pragma once

#include "api-gateway/auth/issuer_keys.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/digest.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>

namespace libra {

/// The JWTs that were found good lately, so that they need not be looked at again. Bounded: the
/// newest push out the oldest. Thread-safe.
class AdmittedJwts {
public:
    explicit AdmittedJwts(std::size_t most = 10'000) : most_{most} {}

    /// Whether it was added for these keys and for longer than `now`. Keys other than before make
    /// it forget all: the one that signed may not be among them any more.
    bool contains(const Digest& jwt, const SharedJwkSet& keys, UtcTime now);

    void add(const Digest& jwt, const SharedJwkSet& keys, UtcTime until);

private:
    void follow(const SharedJwkSet& keys);

    const std::size_t most_;
    std::mutex mutex_;
    SharedJwkSet keys_;
    std::map<Digest, UtcTime> until_;
    std::deque<Digest> by_age_;  // of all in `until_`, the oldest first
};

}  // namespace libra
