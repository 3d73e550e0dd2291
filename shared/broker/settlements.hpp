#pragma once

#include "shared/broker/consumer.hpp"
#include "shared/broker/wake_signal.hpp"

#include <cstdint>
#include <mutex>
#include <vector>

/// @file Verdicts on deliveries, on their way from any thread to the connection's owner.

namespace libra {

struct Settlement {
    std::uint64_t connection{};  // which of the connections of this consumer; tags start anew
    std::uint64_t tag{};
    Delivery::Verdict verdict{};
};

/// Thread-safe. Outlives the consumer if a delivery does.
class Settlements {
public:
    void put(Settlement settlement);

    std::vector<Settlement> take();

    /// Signalled by every `put`.
    WakeSignal& wake() { return wake_; }

private:
    WakeSignal wake_;
    std::mutex mutex_;
    std::vector<Settlement> waiting_;
};

}  // namespace libra
