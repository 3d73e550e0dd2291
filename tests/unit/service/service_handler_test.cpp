#include "api-gateway/service/service_handler.hpp"

#include "api-gateway/service/metrics_handler.hpp"
#include "tests/support/fake_clock.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;

TEST_CASE("the service lists its endpoints")
{
    testing::FakeClock clock;
    Routes routes;
    ServiceHandler handler{routes, clock, "1.2.3"};
    routes = {{.method = "POST", .path = "/deploy"}, {.method = "GET", .path = "/health"}};

    const HttpResponse response = handler.handle({});

    CHECK(response.status == 200);
    CHECK_THAT(response.body, Contains(R"(["POST /deploy","GET /health"])"));
    CHECK_THAT(response.body, Contains(R"("version":"1.2.3")"));
}

TEST_CASE("the metrics are in the text format")
{
    Metrics metrics;
    metrics.follow("libra_test", "a test", [] { return 1; });

    const HttpResponse response = MetricsHandler{metrics}.handle({});

    CHECK(response.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
    CHECK_THAT(response.body, Contains("libra_test 1"));
}

}  // namespace
}  // namespace libra
