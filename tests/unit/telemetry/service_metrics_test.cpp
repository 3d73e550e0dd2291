#include "shared/telemetry/service_metrics.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Catch::Contains;

TEST_CASE("a service says which it is, and of which version")
{
    Metrics metrics;

    const ServiceMetrics service{metrics, "worker", "1.2.3"};

    CHECK_THAT(
        metrics.expose(), Contains(R"(libra_build_info{service="worker",version="1.2.3"} 1)")
    );
}

TEST_CASE("a pool is shown by the state of its connections, and by who waits")
{
    Metrics metrics;
    ServiceMetrics service{metrics, "worker", "1"};
    service.follow_pool([] {
        return PoolReading{.size = 12, .in_use = 3, .idle = 2, .opening = 1, .waiting = 7};
    });

    service.pool_waits()(2ms);

    const std::string text = metrics.expose();
    CHECK_THAT(text, Contains("libra_database_pool_size 12"));
    CHECK_THAT(text, Contains(R"(libra_database_pool_connections{state="in_use"} 3)"));
    CHECK_THAT(text, Contains(R"(libra_database_pool_connections{state="idle"} 2)"));
    CHECK_THAT(text, Contains(R"(libra_database_pool_connections{state="opening"} 1)"));
    CHECK_THAT(text, Contains("libra_database_pool_waiting 7"));
    CHECK_THAT(text, Contains(R"(libra_database_pool_wait_seconds_bucket{le="0.001"} 0)"));
    CHECK_THAT(text, Contains(R"(libra_database_pool_wait_seconds_bucket{le="0.005"} 1)"));
}

TEST_CASE("each connection to the broker is shown by what it is for")
{
    Metrics metrics;
    ServiceMetrics service{metrics, "worker", "1"};

    service.follow_broker(
        {{"publisher", [] { return line_reading(true, 1); }},
         {"consumer", [] { return line_reading(false, 4); }}}
    );

    const std::string text = metrics.expose();
    CHECK_THAT(text, Contains(R"(libra_broker_connected{role="publisher"} 1)"));
    CHECK_THAT(text, Contains(R"(libra_broker_connected{role="consumer"} 0)"));
    CHECK_THAT(text, Contains(R"(libra_broker_reconnects_total{role="publisher"} 0)"));
    CHECK_THAT(text, Contains(R"(libra_broker_reconnects_total{role="consumer"} 3)"));
}

TEST_CASE("the first connection is not made again")
{
    CHECK(line_reading(false, 0).reconnects == 0);
    CHECK(line_reading(true, 1).reconnects == 0);
    CHECK(line_reading(true, 2).reconnects == 1);
}

TEST_CASE("what is kept elsewhere is shown under its usual name")
{
    Metrics metrics;
    ServiceMetrics service{metrics, "gateway", "1"};

    service.follow_database([] { return true; });
    service.follow_relay([] { return 41U; });
    service.follow_disks([] {
        return std::vector<DiskReading>{{.label = "objects", .used = 0.5, .full = true}};
    });

    const std::string text = metrics.expose();
    CHECK_THAT(text, Contains("libra_database_up 1"));
    CHECK_THAT(text, Contains("libra_outbox_confirmed_total 41"));
    CHECK_THAT(text, Contains(R"(libra_disk_used_ratio{disk="objects"} 0.5)"));
    CHECK_THAT(text, Contains(R"(libra_disk_full{disk="objects"} 1)"));
}

}  // namespace
}  // namespace libra
