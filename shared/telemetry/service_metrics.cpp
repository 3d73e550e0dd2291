#include "shared/telemetry/service_metrics.hpp"

namespace libra {

namespace {

/// One sample of each disk.
template <class Value>
std::function<Samples()>
of_disks(const std::function<std::vector<DiskReading>()>& disks, Value value)
{
    return [disks, value] {
        Samples samples;
        for (const DiskReading& disk : disks()) {
            samples.push_back({{{"disk", disk.label}}, value(disk)});
        }
        return samples;
    };
}

/// One sample of each connection.
template <class Value>
std::function<Samples()>
of_lines(const std::map<std::string, std::function<LineReading()>>& lines, Value value)
{
    return [lines, value] {
        Samples samples;
        for (const auto& [role, line] : lines) {
            samples.push_back({{{"role", role}}, value(line())});
        }
        return samples;
    };
}

}  // namespace

ServiceMetrics::ServiceMetrics(
    Metrics& metrics,
    const std::string& service,
    const std::string& version
)
    : metrics_{metrics},
      pool_waits_{
          metrics,
          "libra_database_pool_wait_seconds",
          "How long calls waited for a connection to PostgreSQL.",
          {0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2}}
{
    metrics_.follow_all(
        "libra_build_info",
        "1; which service and version this is.",
        [service, version] {
            return Samples{{{{"service", service}, {"version", version}}, 1}};
        }
    );
}

PoolWaits ServiceMetrics::pool_waits()
{
    return [this](std::chrono::nanoseconds waited) { pool_waits_.observe(waited); };
}

void ServiceMetrics::follow_pool(const std::function<PoolReading()>& pool)
{
    metrics_.follow_all(
        "libra_database_pool_connections",
        "Connections to PostgreSQL of this process, by state.",
        [pool] {
            const PoolReading reading = pool();
            return Samples{
                {{{"state", "in_use"}}, static_cast<double>(reading.in_use)},
                {{{"state", "idle"}}, static_cast<double>(reading.idle)},
                {{{"state", "opening"}}, static_cast<double>(reading.opening)}};
        }
    );
    metrics_.follow(
        "libra_database_pool_size",
        "How many connections to PostgreSQL this process may have.",
        [pool] { return static_cast<double>(pool().size); }
    );
    metrics_.follow(
        "libra_database_pool_waiting",
        "Calls that wait for a connection to PostgreSQL.",
        [pool] { return static_cast<double>(pool().waiting); }
    );
}

void ServiceMetrics::follow_database(const std::function<bool()>& up)
{
    metrics_.follow("libra_database_up", "1 when PostgreSQL answers.", [up] {
        return up() ? 1.0 : 0.0;
    });
}

void ServiceMetrics::follow_broker(const std::map<std::string, std::function<LineReading()>>& lines)
{
    metrics_.follow_all(
        "libra_broker_connected",
        "1 when the connection to RabbitMQ is up and works, by what it is for.",
        of_lines(lines, [](const LineReading& line) { return line.connected ? 1.0 : 0.0; })
    );
    metrics_.follow_all(
        "libra_broker_reconnects_total",
        "How often a lost connection to RabbitMQ was made again.",
        of_lines(
            lines, [](const LineReading& line) { return static_cast<double>(line.reconnects); }
        )
    );
}

void ServiceMetrics::follow_relay(const std::function<std::uint64_t()>& confirmed)
{
    metrics_.follow(
        "libra_outbox_confirmed_total",
        "Messages of the outbox that this process sent and the broker confirmed.",
        [confirmed] { return static_cast<double>(confirmed()); }
    );
}

void ServiceMetrics::follow_spans(const std::function<ExportCounts()>& spans)
{
    metrics_.follow_all(
        "libra_spans_total",
        "Spans of traces; dropped: the collector was away, too slow or refused them.",
        [spans] {
            const ExportCounts counts = spans();
            return Samples{
                {{{"outcome", "exported"}}, static_cast<double>(counts.exported)},
                {{{"outcome", "dropped"}}, static_cast<double>(counts.dropped)}};
        }
    );
}

void ServiceMetrics::follow_disks(const std::function<std::vector<DiskReading>()>& disks)
{
    metrics_.follow_all(
        "libra_disk_used_ratio",
        "What part of a disk is in use, of its bytes or of its inodes, whichever is more.",
        of_disks(disks, [](const DiskReading& disk) { return disk.used; })
    );
    metrics_.follow_all(
        "libra_disk_full",
        "1 while a disk counts as full, so that nothing new is begun.",
        of_disks(disks, [](const DiskReading& disk) { return disk.full ? 1.0 : 0.0; })
    );
}

}  // namespace libra
