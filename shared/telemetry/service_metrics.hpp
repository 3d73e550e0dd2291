#pragma once

#include "shared/base/disk_watch.hpp"
#include "shared/broker/line_reading.hpp"
#include "shared/storage/pool_reading.hpp"
#include "shared/telemetry/metrics.hpp"
#include "shared/telemetry/series.hpp"
#include "shared/tracing/export_counts.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

/// @file What both services show of themselves, under the same names.

namespace libra {

/// What the functions read must outlive the last `expose` of the metrics. They are asked at each
/// one, and return at once.
class ServiceMetrics {
public:
    /// `service` is `gateway` or `worker`. `metrics` must outlive it.
    ServiceMetrics(Metrics& metrics, const std::string& service, const std::string& version);

    /// For PgPool; valid as long as this object.
    PoolWaits pool_waits();

    void follow_pool(const std::function<PoolReading()>& pool);

    void follow_database(const std::function<bool()>& up);

    /// By what the connections are for: `publisher`, `consumer`.
    void follow_broker(const std::map<std::string, std::function<LineReading()>>& lines);

    /// Rows of the outbox that this process has brought to the broker.
    void follow_relay(const std::function<std::uint64_t()>& confirmed);

    void follow_disks(const std::function<std::vector<DiskReading>()>& disks);

    void follow_spans(const std::function<ExportCounts()>& spans);

private:
    Metrics& metrics_;
    Histograms pool_waits_;
};

}  // namespace libra
