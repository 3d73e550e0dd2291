#include "shared/telemetry/metrics.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Catch::Contains;

TEST_CASE("an answered request is counted and timed under its method, route and status")
{
    Metrics metrics;

    metrics.http_request("POST", "/deploy", 202, 3ms);
    metrics.http_request("POST", "/deploy", 202, 30ms);

    const std::string text = metrics.expose();
    CHECK_THAT(
        text, Contains(R"(libra_http_requests_total{method="POST",route="/deploy",status="202"} 2)")
    );
    CHECK_THAT(
        text,
        Contains(
            R"(libra_http_request_duration_seconds_bucket{method="POST",route="/deploy",status="202",le="0.005"} 1)"
        )
    );
    CHECK_THAT(text, Contains("# TYPE libra_http_request_duration_seconds histogram"));
}

TEST_CASE("what a client invents does not become a label")
{
    Metrics metrics;

    metrics.http_request("BREW", "/pot", 999, 1ms);

    CHECK_THAT(metrics.expose(), Contains(R"({method="other",route="/pot",status="other"} 1)"));
}

TEST_CASE("routes beyond the limit are counted together")
{
    Metrics metrics;

    for (int i = 0; i < 205; ++i) {
        metrics.http_request("GET", "/route/" + std::to_string(i), 200, 1ms);
    }

    const std::string text = metrics.expose();
    CHECK_THAT(text, Contains(R"({method="GET",route="other",status="200"} 5)"));
    CHECK_THAT(text, !Contains("/route/200"));
}

TEST_CASE("a followed number is asked for at every exposition")
{
    Metrics metrics;
    double rows = 1;
    metrics.follow("libra_outbox_confirmed_total", "Rows.", [&] { return rows; });

    CHECK_THAT(metrics.expose(), Contains("libra_outbox_confirmed_total 1"));
    rows = 7;

    CHECK_THAT(metrics.expose(), Contains("libra_outbox_confirmed_total 7"));
    CHECK_THAT(metrics.expose(), Contains("# TYPE libra_outbox_confirmed_total counter"));
}

TEST_CASE("followed numbers differ in their labels, and those not known are left out")
{
    Metrics metrics;
    Samples samples{{{{"role", "consumer"}}, 1}, {{{"role", "publisher"}}, 0}};
    metrics.follow_all("libra_connected", "Roles.", [&] { return samples; });

    const std::string both = metrics.expose();
    CHECK_THAT(both, Contains(R"(libra_connected{role="consumer"} 1)"));
    CHECK_THAT(both, Contains(R"(libra_connected{role="publisher"} 0)"));

    samples.pop_back();
    CHECK_THAT(metrics.expose(), !Contains("publisher"));
}

}  // namespace
}  // namespace libra
