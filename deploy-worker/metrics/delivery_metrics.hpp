#pragma once

#include "shared/storage/delivery_store.hpp"
#include "shared/telemetry/series.hpp"

/// @file What became of tries to reach webhooks.

namespace libra {

class DeliveryMetrics {
public:
    /// `metrics` must outlive it.
    explicit DeliveryMetrics(Metrics& metrics);

    /// Any thread.
    void tried(const DeliveryOutcome& outcome);

private:
    Counters tries_;
};

}  // namespace libra
