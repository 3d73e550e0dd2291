#include "deploy-worker/pipeline/lease_keeper.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/recording_work_store.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <mutex>

namespace libra {
namespace {

void wait_until_stopped(const std::stop_token& token)
{
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock{mutex};
    stopped.wait(lock, token, [] { return false; });
}

StopReason reason_after(std::deque<Result<bool>> renewals, testing::FakeClock& clock)
{
    testing::RecordingLog log;
    testing::RecordingWorkStore store;
    store.renewals = std::move(renewals);
    LeaseKeeper keeper{store, clock, log.log(), {"d1", 1}, Instant{}};
    wait_until_stopped(keeper.stop_token());
    return keeper.reason();
}

TEST_CASE("a keeper whose lease was taken over says so")
{
    testing::FakeClock clock;

    const StopReason reason =
        reason_after({false, false, Error{Errc::fenced, "taken over"}}, clock);

    CHECK(reason == StopReason::lease_lost);
    CHECK(clock.now() == Instant{3 * k_lease_renewal});
}

TEST_CASE("a keeper lets go 20 s after its last good renewal while the database is away")
{
    testing::FakeClock clock;
    std::deque<Result<bool>> silence{false};
    silence.insert(silence.end(), 100, Error{Errc::unavailable, "away"});

    const StopReason reason = reason_after(silence, clock);

    CHECK(reason == StopReason::lease_lost);
    CHECK(clock.now() == Instant{k_lease_renewal + k_lease_patience});
}

TEST_CASE("a keeper survives a database that comes back in time")
{
    testing::FakeClock clock;

    const StopReason reason = reason_after(
        {Error{Errc::unavailable, "away"},
         Error{Errc::unavailable, "away"},
         false,
         Error{Errc::unavailable, "away"},
         false},
        clock
    );

    CHECK(reason == StopReason::lease_lost);
    CHECK(clock.now() > Instant{k_lease_renewal + k_lease_patience});
}

TEST_CASE("a keeper passes on that cancel was requested, and a lost lease outweighs it")
{
    testing::FakeClock clock;
    testing::RecordingLog log;
    testing::RecordingWorkStore store;
    store.renewals = {true};
    LeaseKeeper keeper{store, clock, log.log(), {"d1", 1}, Instant{}};

    wait_until_stopped(keeper.stop_token());
    keeper.stop(StopReason::shutdown);

    CHECK(keeper.reason() != StopReason::none);
    CHECK(keeper.reason() != StopReason::shutdown);
}

}  // namespace
}  // namespace libra
