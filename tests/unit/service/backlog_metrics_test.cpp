#include "api-gateway/service/backlog_metrics.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_operations_store.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Catch::Contains;

struct Bench {
    testing::FakeOperationsStore operations;
    testing::FakeClock clock;
    bool database_up{true};
    Metrics metrics;
    BacklogMetrics backlog{operations, clock, [this] { return database_up; }, metrics};
};

TEST_CASE("what is left to do is shown as the database says it")
{
    Bench bench;
    bench.operations.left = BacklogReading{
        .unsent = 3,
        .unsent_oldest = 1500ms,
        .queued = 7,
        .queued_oldest = 90s,
        .in_progress = 2,
        .open_letters = 1};

    const std::string text = bench.metrics.expose();

    CHECK_THAT(text, Contains("libra_outbox_messages 3"));
    CHECK_THAT(text, Contains("libra_outbox_oldest_seconds 1.5"));
    CHECK_THAT(text, Contains(R"(libra_deployments{status="queued"} 7)"));
    CHECK_THAT(text, Contains(R"(libra_deployments{status="in_progress"} 2)"));
    CHECK_THAT(text, Contains("libra_deployment_oldest_queued_seconds 90"));
    CHECK_THAT(text, Contains("libra_dead_letters_open 1"));
}

TEST_CASE("however often it is shown, the database is asked every five seconds only")
{
    Bench bench;

    static_cast<void>(bench.metrics.expose());
    bench.clock.advance(4s);
    static_cast<void>(bench.metrics.expose());
    CHECK(bench.operations.calls == 1);

    bench.clock.advance(1s);
    static_cast<void>(bench.metrics.expose());
    CHECK(bench.operations.calls == 2);
}

TEST_CASE("a database that does not answer leaves nothing to show, and is not asked at once again")
{
    Bench bench;
    bench.operations.left = Error{Errc::unavailable, "away"};

    CHECK_THAT(bench.metrics.expose(), !Contains("libra_deployments{"));
    CHECK_THAT(bench.metrics.expose(), !Contains("libra_outbox_messages 0"));

    CHECK(bench.operations.calls == 1);
}

TEST_CASE("a database that is known to be away is not asked")
{
    Bench bench;
    bench.database_up = false;

    CHECK_THAT(bench.metrics.expose(), !Contains("libra_deployments{"));

    CHECK(bench.operations.calls == 0);
}

}  // namespace
}  // namespace libra
