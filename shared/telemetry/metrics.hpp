#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// @file The numbers a service shows at /metrics, in the text format of Prometheus.

namespace prometheus {
class Registry;
}

namespace libra {

/// One number of several that differ in their labels.
struct Sample {
    std::map<std::string, std::string> labels{};
    double value{};
};

using Samples = std::vector<Sample>;

/// Thread-safe; nothing here blocks for longer than a lock, but for what `follow` is given.
///
/// The labels are bounded whatever clients send: methods are those HTTP names or `other`, and after
/// the first 200 routes every further one counts as `other`. All other labels come from us.
class Metrics {
public:
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

    /// A number that is kept elsewhere: `value` is asked at every `expose`, from its thread. A
    /// counter if `name` ends in `_total`, else a gauge. Must not outlive what `value` uses.
    void follow(const std::string& name, const std::string& help, std::function<double()> value);

    /// The same for several at once; those that are not known at the moment are left out.
    void
    follow_all(const std::string& name, const std::string& help, std::function<Samples()> values);

    /// As the body of an answer of type `text/plain; version=0.0.4`.
    std::string expose() const;

    /// For the other files of shared/telemetry only.
    prometheus::Registry& registry();

private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace libra
