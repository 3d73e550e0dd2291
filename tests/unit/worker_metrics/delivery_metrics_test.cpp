#include "deploy-worker/metrics/delivery_metrics.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Catch::Contains;

TEST_CASE("tries to reach a webhook are counted by what became of them")
{
    Metrics metrics;
    DeliveryMetrics deliveries{metrics};

    deliveries.tried({.status_code = 200});
    deliveries.tried({.status_code = 503, .error = "503", .retry_in = 1min});
    deliveries.tried({.error = "refused", .retry_in = 5min});
    deliveries.tried({.status_code = 410, .error = "410", .gone = true});
    deliveries.tried({.status_code = 500, .error = "500"});

    const std::string text = metrics.expose();
    CHECK_THAT(text, Contains(R"(libra_webhook_deliveries_total{outcome="delivered"} 1)"));
    CHECK_THAT(text, Contains(R"(libra_webhook_deliveries_total{outcome="retry"} 2)"));
    CHECK_THAT(text, Contains(R"(libra_webhook_deliveries_total{outcome="gone"} 1)"));
    CHECK_THAT(text, Contains(R"(libra_webhook_deliveries_total{outcome="failed"} 1)"));
}

}  // namespace
}  // namespace libra
