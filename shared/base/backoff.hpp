#pragma once

#include "shared/base/random.hpp"

#include <chrono>

namespace libra {

/// Growing pauses between tries: base·factorⁿ, at most `cap`, each shifted at random by up to
/// `jitter` of itself so that many waiters do not come back together.
struct BackoffPolicy {
    std::chrono::milliseconds base{500};
    double factor{2.0};
    std::chrono::milliseconds cap{30'000};
    double jitter{0.2};
};

/// The pause before retry number `retry` (0 is the first).
std::chrono::milliseconds backoff_delay(const BackoffPolicy& policy, int retry, Random& random);

/// Counts its own retries. One thread.
class Backoff {
public:
    Backoff(BackoffPolicy policy, Random& random) : policy_{policy}, random_{random} {}

    std::chrono::milliseconds next() { return backoff_delay(policy_, retry_++, random_); }

    void reset() { retry_ = 0; }

private:
    BackoffPolicy policy_;
    Random& random_;
    int retry_{0};
};

}  // namespace libra
