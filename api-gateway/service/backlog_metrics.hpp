#pragma once

#include "shared/base/clock.hpp"
#include "shared/storage/operations_store.hpp"
#include "shared/telemetry/metrics.hpp"

#include <functional>
#include <mutex>
#include <optional>

/// @file What the platform as a whole has left to do, at /metrics.
///
/// It is the same whichever gateway is asked, so that of several the maximum counts.

namespace libra {

/// Thread-safe.
class BacklogMetrics {
public:
    /// `database_up` returns at once. What it refers to must outlive the last `expose`, and so must
    /// it.
    BacklogMetrics(
        OperationsStore& operations,
        Clock& clock,
        std::function<bool()> database_up,
        Metrics& metrics
    );

private:
    using Value = std::function<double(const BacklogReading&)>;

    void follow(Metrics& metrics, const std::string& name, const std::string& help, Value value);
    /// Asks the database, which may block for one call, at most once every few seconds. Nothing
    /// where it does not answer.
    std::optional<BacklogReading> reading();

    OperationsStore& operations_;
    Clock& clock_;
    std::function<bool()> database_up_;
    std::mutex mutex_;
    std::optional<Instant> asked_at_;
    std::optional<BacklogReading> reading_;
};

}  // namespace libra
