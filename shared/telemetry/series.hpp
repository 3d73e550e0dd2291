#pragma once

#include "shared/telemetry/metrics.hpp"

#include <chrono>
#include <string>
#include <vector>

/// @file Counters and histograms of one name, told apart by their labels.

namespace prometheus {
class Counter;
class Histogram;
template <typename T>
class Family;
}  // namespace prometheus

namespace libra {

/// In the order of the names they belong to.
using LabelValues = std::vector<std::string>;

/// What is shown from the start, with 0, so that the first event is an increase like any other.
using LabelRows = std::vector<LabelValues>;

/// Thread-safe. Every other row of values that is counted is one more series for ever: they come
/// from our own words, never from a client.
class Counters {
public:
    /// `metrics` must outlive it.
    Counters(
        Metrics& metrics,
        const std::string& name,
        const std::string& help,
        std::vector<std::string> labels = {},
        const LabelRows& rows = {{}}
    );

    void add(const LabelValues& values = {}, double by = 1);

private:
    prometheus::Family<prometheus::Counter>& family_;
    std::vector<std::string> labels_;
};

/// Thread-safe, like Counters.
class Histograms {
public:
    /// `bounds` are the upper ends of the buckets, ascending. `metrics` must outlive it.
    Histograms(
        Metrics& metrics,
        const std::string& name,
        const std::string& help,
        std::vector<double> bounds,
        std::vector<std::string> labels = {},
        const LabelRows& rows = {{}}
    );

    void observe(double value, const LabelValues& values = {});

    /// In seconds; a negative time, as clocks of two machines can give, counts as 0.
    void observe(std::chrono::nanoseconds time, const LabelValues& values = {});

private:
    prometheus::Family<prometheus::Histogram>& family_;
    std::vector<double> bounds_;
    std::vector<std::string> labels_;
};

}  // namespace libra
