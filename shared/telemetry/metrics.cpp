#include "shared/telemetry/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <set>
#include <sstream>
#include <tuple>
#include <utility>
#include <vector>

namespace libra {

namespace {

constexpr std::size_t k_routes_max = 200;
constexpr std::string_view k_other = "other";
constexpr std::array<std::string_view, 7>
    k_methods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

const prometheus::Histogram::BucketBoundaries& duration_bounds_s()
{
    static const prometheus::Histogram::BucketBoundaries bounds{
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0};
    return bounds;
}

constexpr int k_other_status = 0;

std::string_view known_method(std::string_view method)
{
    const bool known = std::find(k_methods.begin(), k_methods.end(), method) != k_methods.end();
    return known ? method : k_other;
}

int known_status(int status)
{
    return status >= 100 && status <= 599 ? status : k_other_status;
}

/// What is counted of requests that have the same labels.
struct Requests {
    prometheus::Counter& total;
    prometheus::Histogram& duration;
};

struct Followed {
    std::string name{};
    std::string help{};
    std::function<Samples()> values{};
};

prometheus::MetricFamily family_of(const Followed& followed)
{
    prometheus::MetricFamily family;
    family.name = followed.name;
    family.help = followed.help;
    const bool counter = followed.name.ends_with("_total");
    family.type = counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
    for (const Sample& sample : followed.values()) {
        prometheus::ClientMetric metric;
        for (const auto& [name, value] : sample.labels) {
            metric.label.push_back({name, value});
        }
        (counter ? metric.counter.value : metric.gauge.value) = sample.value;
        family.metric.push_back(std::move(metric));
    }
    return family;
}

}  // namespace

struct Metrics::Families {
    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                            .Name("libra_http_requests_total")
                                                            .Help("Requests answered.")
                                                            .Register(registry);
    prometheus::Family<prometheus::Histogram>& durations =
        prometheus::BuildHistogram()
            .Name("libra_http_request_duration_seconds")
            .Help("Time from the end of the request's header to the head of its answer.")
            .Register(registry);
    mutable std::mutex mutex{};
    std::vector<Followed> followed{};

    /// Looked up here first: finding labels in a family takes longer than the rest of the count.
    Requests& requests_with(std::string_view method, std::string_view route, int status)
    {
        const std::scoped_lock lock{mutex};
        const auto labels =
            std::tuple{known_method(method), known_route(route), known_status(status)};
        const auto known = series.find(labels);
        return known != series.end() ? known->second
                                     : series.emplace(labels, add(labels)).first->second;
    }

private:
    std::string_view known_route(std::string_view route)
    {
        if (routes.contains(route)) {
            return route;
        }
        if (routes.size() >= k_routes_max) {
            return k_other;
        }
        return *routes.emplace(route).first;
    }

    Requests add(const std::tuple<std::string_view, std::string_view, int>& values)
    {
        const auto& [method, route, status] = values;
        const prometheus::Labels labels{
            {"method", std::string{method}},
            {"route", std::string{route}},
            {"status", status == k_other_status ? std::string{k_other} : std::to_string(status)}};
        return {requests.Add(labels), durations.Add(labels, duration_bounds_s())};
    }

    std::set<std::string, std::less<>> routes{};
    std::map<std::tuple<std::string, std::string, int>, Requests, std::less<>> series{};
};

Metrics::Metrics() : families_{std::make_unique<Families>()} {}

Metrics::~Metrics() = default;

void Metrics::http_request(
    std::string_view method,
    std::string_view route,
    int status,
    std::chrono::nanoseconds took
)
{
    const Requests& requests = families_->requests_with(method, route, status);
    requests.total.Increment();
    requests.duration.Observe(std::chrono::duration<double>{took}.count());
}

void Metrics::follow(
    const std::string& name,
    const std::string& help,
    std::function<double()> value
)
{
    follow_all(name, help, [value = std::move(value)] { return Samples{{.value = value()}}; });
}

void Metrics::follow_all(
    const std::string& name,
    const std::string& help,
    std::function<Samples()> values
)
{
    const std::scoped_lock lock{families_->mutex};
    families_->followed.push_back({name, help, std::move(values)});
}

prometheus::Registry& Metrics::registry()
{
    return families_->registry;
}

std::string Metrics::expose() const
{
    std::vector<prometheus::MetricFamily> all = families_->registry.Collect();
    std::vector<Followed> followed;
    {
        const std::scoped_lock lock{families_->mutex};
        followed = families_->followed;
    }
    std::transform(followed.begin(), followed.end(), std::back_inserter(all), family_of);
    std::ostringstream out;
    prometheus::TextSerializer{}.Serialize(out, all);
    return out.str();
}

}  // namespace libra
