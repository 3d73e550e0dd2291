#include "api-gateway/service/storage_monitor.hpp"

#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

struct Reports final : DiskReportStore {
    Result<WorkerDisks> answer{WorkerDisks{}};

    Result<void> report(const std::string&, const std::string&) override { return {}; }

    Result<WorkerDisks> read() override { return answer; }
};

struct Bench {
    bool full()
    {
        monitor.look();
        return monitor.full();
    }

    std::uint64_t free_bytes{50};
    Reports workers;
    testing::RecordingLog log;
    DiskWatch own{{{"the object store", "/"}}, {.percent = 90}, [this](const auto&) {
                      return DiskSpace{.bytes = 100, .free_bytes = free_bytes};
                  }};
    StorageMonitor monitor{own, workers, log.log()};
};

TEST_CASE("storage is full when the gateway's own disk is")
{
    Bench bench;

    CHECK_FALSE(bench.full());
    bench.free_bytes = 5;
    CHECK(bench.full());
    bench.free_bytes = 50;
    CHECK_FALSE(bench.full());
}

TEST_CASE("storage is full when no worker has room, and not when none is known")
{
    Bench bench;
    bench.workers.answer = WorkerDisks{.reporting = 2, .full = 1};
    CHECK_FALSE(bench.full());
    bench.workers.answer = WorkerDisks{.reporting = 2, .full = 2};
    CHECK(bench.full());
    bench.workers.answer = WorkerDisks{};
    CHECK_FALSE(bench.full());
}

TEST_CASE("while the database is away, what the workers said last counts")
{
    Bench bench;
    bench.workers.answer = WorkerDisks{.reporting = 1, .full = 1};
    REQUIRE(bench.full());

    bench.workers.answer = Error{Errc::unavailable, "away"};

    CHECK(bench.full());
}

}  // namespace
}  // namespace libra
