#include "shared/telemetry/series.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Catch::Contains;

TEST_CASE("every counter is there with 0 before anything is counted")
{
    Metrics metrics;

    Counters counters{metrics, "libra_ends_total", "Ends.", {"status"}, {{"good"}, {"bad"}}};

    const std::string text = metrics.expose();
    CHECK_THAT(text, Contains("# HELP libra_ends_total Ends."));
    CHECK_THAT(text, Contains("# TYPE libra_ends_total counter"));
    CHECK_THAT(text, Contains(R"(libra_ends_total{status="good"} 0)"));
    CHECK_THAT(text, Contains(R"(libra_ends_total{status="bad"} 0)"));
}

TEST_CASE("counters of one name count for themselves")
{
    Metrics metrics;
    Counters counters{metrics, "libra_ends_total", "Ends.", {"status"}, {{"good"}, {"bad"}}};

    counters.add({"good"});
    counters.add({"good"}, 2);

    const std::string text = metrics.expose();
    CHECK_THAT(text, Contains(R"(libra_ends_total{status="good"} 3)"));
    CHECK_THAT(text, Contains(R"(libra_ends_total{status="bad"} 0)"));
}

TEST_CASE("a counter may do without labels")
{
    Metrics metrics;
    Counters counter{metrics, "libra_losses_total", "Losses."};

    counter.add();

    CHECK_THAT(metrics.expose(), Contains("libra_losses_total 1"));
}

TEST_CASE("a histogram counts in buckets, times in seconds")
{
    Metrics metrics;
    Histograms waits{metrics, "libra_wait_seconds", "Waits.", {0.1, 1}, {"of"}, {{"a"}, {"b"}}};

    waits.observe(50ms, {"a"});
    waits.observe(0.5, {"a"});
    waits.observe(-3s, {"a"});

    const std::string text = metrics.expose();
    CHECK_THAT(text, Contains("# TYPE libra_wait_seconds histogram"));
    CHECK_THAT(text, Contains(R"(libra_wait_seconds_bucket{of="a",le="0.1"} 2)"));
    CHECK_THAT(text, Contains(R"(libra_wait_seconds_bucket{of="a",le="1"} 3)"));
    CHECK_THAT(text, Contains(R"(libra_wait_seconds_count{of="b"} 0)"));
}

}  // namespace
}  // namespace libra
