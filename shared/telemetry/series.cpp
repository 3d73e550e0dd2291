#include "shared/telemetry/series.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <utility>

namespace libra {

namespace {

prometheus::Labels named(const std::vector<std::string>& names, const LabelValues& values)
{
    prometheus::Labels labels;
    for (std::size_t i = 0; i < names.size(); ++i) {
        labels.emplace(names[i], values.at(i));
    }
    return labels;
}

}  // namespace

Counters::Counters(
    Metrics& metrics,
    const std::string& name,
    const std::string& help,
    std::vector<std::string> labels,
    const LabelRows& rows
)
    : family_{prometheus::BuildCounter().Name(name).Help(help).Register(metrics.registry())},
      labels_{std::move(labels)}
{
    for (const LabelValues& values : rows) {
        family_.Add(named(labels_, values));
    }
}

void Counters::add(const LabelValues& values, double by)
{
    family_.Add(named(labels_, values)).Increment(by);
}

Histograms::Histograms(
    Metrics& metrics,
    const std::string& name,
    const std::string& help,
    std::vector<double> bounds,
    std::vector<std::string> labels,
    const LabelRows& rows
)
    : family_{prometheus::BuildHistogram().Name(name).Help(help).Register(metrics.registry())},
      bounds_{std::move(bounds)},
      labels_{std::move(labels)}
{
    for (const LabelValues& values : rows) {
        family_.Add(named(labels_, values), bounds_);
    }
}

void Histograms::observe(double value, const LabelValues& values)
{
    family_.Add(named(labels_, values), bounds_).Observe(value);
}

void Histograms::observe(std::chrono::nanoseconds time, const LabelValues& values)
{
    observe(std::max(0.0, std::chrono::duration<double>{time}.count()), values);
}

}  // namespace libra
