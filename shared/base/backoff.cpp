#include "shared/base/backoff.hpp"

#include <algorithm>
#include <cmath>

namespace libra {

std::chrono::milliseconds backoff_delay(const BackoffPolicy& policy, int retry, Random& random)
{
    const double grown =
        static_cast<double>(policy.base.count()) * std::pow(policy.factor, std::min(retry, 30));
    const double capped = std::min(grown, static_cast<double>(policy.cap.count()));
    const double shift = 1.0 + policy.jitter * (2.0 * unit_interval(random) - 1.0);
    return std::chrono::milliseconds{std::llround(capped * shift)};
}

}  // namespace libra
