#include "shared/telemetry/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <set>
#include <sstream>
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

std::string known_method(std::string_view method)
{
    const bool known = std::find(k_methods.begin(), k_methods.end(), method) != k_methods.end();
    return std::string{known ? method : k_other};
}

std::string known_status(int status)
{
    return status >= 100 && status <= 599 ? std::to_string(status) : std::string{k_other};
}

struct Followed {
    std::string name{};
    std::string help{};
    std::function<double()> value{};
};

prometheus::MetricFamily family_of(const Followed& followed)
{
    prometheus::MetricFamily family;
    family.name = followed.name;
    family.help = followed.help;
    prometheus::ClientMetric metric;
    if (followed.name.ends_with("_total")) {
        family.type = prometheus::MetricType::Counter;
        metric.counter.value = followed.value();
    } else {
        family.type = prometheus::MetricType::Gauge;
        metric.gauge.value = followed.value();
    }
    family.metric.push_back(std::move(metric));
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
            .Help("Time from the end of the request's header to the end of its answer.")
            .Register(registry);
    mutable std::mutex mutex{};
    std::set<std::string, std::less<>> routes{};
    std::vector<Followed> followed{};

    std::string known_route(std::string_view route)
    {
        const std::scoped_lock lock{mutex};
        if (routes.contains(route)) {
            return std::string{route};
        }
        if (routes.size() >= k_routes_max) {
            return std::string{k_other};
        }
        return *routes.emplace(route).first;
    }
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
    const prometheus::Labels labels{
        {"method", known_method(method)},
        {"route", families_->known_route(route)},
        {"status", known_status(status)}};
    families_->requests.Add(labels).Increment();
    families_->durations.Add(labels, duration_bounds_s())
        .Observe(std::chrono::duration<double>{took}.count());
}

void Metrics::add(const std::string& name, const std::string& help, double by, const Labels& labels)
{
    prometheus::BuildCounter()
        .Name(name)
        .Help(help)
        .Register(families_->registry)
        .Add(labels)
        .Increment(by);
}

void Metrics::set(
    const std::string& name,
    const std::string& help,
    double value,
    const Labels& labels
)
{
    prometheus::BuildGauge()
        .Name(name)
        .Help(help)
        .Register(families_->registry)
        .Add(labels)
        .Set(value);
}

void Metrics::follow(
    const std::string& name,
    const std::string& help,
    std::function<double()> value
)
{
    const std::scoped_lock lock{families_->mutex};
    families_->followed.push_back({name, help, std::move(value)});
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
