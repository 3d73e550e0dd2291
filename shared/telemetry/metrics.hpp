#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

/// @file The numbers a service shows at /metrics, in the text format of Prometheus.

namespace libra {

/// Thread-safe; nothing here blocks for longer than a lock.
///
/// The labels are bounded whatever clients send: methods are those HTTP names or `other`, and after
/// the first 200 routes every further one counts as `other`.
class Metrics {
public:
    using Labels = std::map<std::string, std::string>;

    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    /// Counts one answered request in `libra_http_requests_total` and
    /// `libra_http_request_duration_seconds`. `route` is the pattern, not the path that was asked
    /// for: `/deployments/{id}`.
    void http_request(
        std::string_view method,
        std::string_view route,
        int status,
        std::chrono::nanoseconds took
    );

    /// Adds to a counter; `name` ends in `_total`. Labels come from us, never from a client.
    void
    add(const std::string& name, const std::string& help, double by, const Labels& labels = {});

    /// Sets a gauge.
    void
    set(const std::string& name, const std::string& help, double value, const Labels& labels = {});

    /// A number that is kept elsewhere: `value` is asked at every `expose`, from its thread. A
    /// counter if `name` ends in `_total`, else a gauge. Must not outlive what `value` uses.
    void follow(const std::string& name, const std::string& help, std::function<double()> value);

    /// As the body of an answer of type `text/plain; version=0.0.4`.
    std::string expose() const;

private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace libra
