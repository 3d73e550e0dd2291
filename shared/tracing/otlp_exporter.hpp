#pragma once

#include "shared/base/backoff.hpp"
#include "shared/base/log.hpp"
#include "shared/tracing/export_counts.hpp"
#include "shared/tracing/otlp_settings.hpp"
#include "shared/tracing/span_sink.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

/// @file Brings spans to a collector, as OTLP over HTTP in JSON.
///
/// Upstream: whoever is given a SpanSink. Downstream: the collector that is configured.

namespace libra {

/// Limits as in OpenTelemetry's own batch processor.
struct ExportPolicy {
    std::size_t waiting{2048};  // spans that may wait; what comes beyond is lost
    std::size_t batch{512};
    std::chrono::milliseconds period{200};  // spans gather for so long
    BackoffPolicy retry{.base = std::chrono::seconds{1}, .cap = std::chrono::seconds{10}};
    std::chrono::seconds patience{60};      // with one batch
    std::chrono::milliseconds flush{2000};  // for all that is left at the end
};

/// `run` belongs to one thread; the rest may be called from any.
class OtlpExporter final : public SpanSink {
public:
    /// The references must outlive it. Without an `url` it wants nothing and does nothing.
    OtlpExporter(
        const OtlpSettings& settings,
        HttpClient& http,
        Clock& clock,
        Random& random,
        Log log,
        ExportPolicy policy = {}
    );

    bool wants(const TraceContext& trace) const override;

    /// Texts beyond 256 bytes are cut.
    void take(Span span) override;

    /// Exports until `stop` is requested, then what is left within `flush`. A collector that is
    /// away, busy (429) or failing (502, 503, 504) is asked again, after its `Retry-After` if it
    /// says so; what it refuses otherwise is lost.
    void run(const std::stop_token& stop);

    ExportCounts counts() const;

private:
    struct Answer {
        enum class Kind { taken, later, refused } kind{};
        std::chrono::milliseconds pause{};  // that the collector wishes for
        std::string reason{};
    };

    bool fill_batch();
    void deliver(Instant deadline, const std::stop_token& stop);
    Answer send(std::chrono::milliseconds timeout, const std::stop_token& stop);
    void lose(const std::string& reason);
    std::chrono::nanoseconds epoch();

    const OtlpSettings& settings_;
    HttpClient& http_;
    Clock& clock_;
    Random& random_;
    Log log_;
    ExportPolicy policy_;
    std::mutex mutex_;
    std::deque<Span> waiting_;  // guarded by mutex_
    std::vector<Span> batch_;   // on its way
    std::chrono::nanoseconds epoch_{};
    unsigned losses_{0};
    std::atomic<std::uint64_t> exported_{0};
    std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace libra
