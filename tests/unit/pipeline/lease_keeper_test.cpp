#include "deploy-worker/pipeline/lease_keeper.hpp"

#include "tests/support/recording_log.hpp"
#include "tests/support/recording_work_store.hpp"
#include "tests/support/stepped_clock.hpp"
#include "tests/support/still_clock.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <mutex>

namespace libra {
namespace {

constexpr std::size_t k_keeper_threads = 2;

/// How a keeper ended, and when.
struct Ended {
    StopReason reason{};
    Instant at{};
};

Ended end_of(std::deque<Result<bool>> renewals, std::deque<Result<bool>> looks = {})
{
    testing::SteppedClock clock;
    testing::RecordingLog log;
    testing::RecordingWorkStore store;
    store.renewals = std::move(renewals);
    store.looks = std::move(looks);
    LeaseKeeper keeper{store, clock, log.log(), {"d1", 1}, Instant{}};
    const std::stop_token stopped = keeper.stop_token();
    while (true) {
        clock.settle(k_keeper_threads, stopped);
        if (stopped.stop_requested()) {
            return {.reason = keeper.reason(), .at = clock.now()};
        }
        clock.advance(k_cancel_poll);
    }
}

TEST_CASE("a keeper whose lease was taken over says so")
{
    SECTION("when it renews")
    {
        CHECK(end_of({Error{Errc::fenced, "taken over"}}).reason == StopReason::lease_lost);
    }
    SECTION("when it looks whether to cancel, long before that")
    {
        const Ended ended = end_of({}, {false, Error{Errc::fenced, "taken over"}});
        CHECK(ended.reason == StopReason::lease_lost);
    }
}

TEST_CASE("a keeper renews every 10 s, and lets go 20 s after its last good renewal")
{
    std::deque<Result<bool>> silence{false};
    silence.insert(silence.end(), 100, Error{Errc::unavailable, "away"});

    const Ended ended = end_of(silence);

    CHECK(ended.reason == StopReason::lease_lost);
    CHECK(ended.at == Instant{k_lease_renewal + k_lease_patience});
}

TEST_CASE("a keeper survives a database that comes back in time")
{
    const Error away{Errc::unavailable, "away"};

    const Ended ended = end_of({away, away, false, false, Error{Errc::fenced, "script ended"}});

    CHECK(ended.reason == StopReason::lease_lost);
    CHECK(ended.at > Instant{3 * k_lease_renewal});
}

TEST_CASE("a keeper passes on that cancel was requested")
{
    SECTION("found between two renewals")
    {
        CHECK(end_of({false}, {false, false, true}).reason == StopReason::cancelled);
    }
    SECTION("found by a renewal")
    {
        CHECK(end_of({true}).reason == StopReason::cancelled);
    }
}

TEST_CASE("a keeper does not mind that it cannot look whether to cancel")
{
    const std::deque<Result<bool>> looks{Error{Errc::unavailable, "away"}, true};

    CHECK(end_of({}, looks).reason == StopReason::cancelled);
}

/// Renewing hangs until the test lets go, as when packets to the database vanish.
class HangingStore final : public testing::RecordingWorkStore {
public:
    Result<bool> renew(const Lease&) override
    {
        std::unique_lock lock{mutex_};
        released_.wait(lock, [this] { return open_; });
        return false;
    }

    void release()
    {
        const std::scoped_lock lock{mutex_};
        open_ = true;
        released_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable released_;
    bool open_{false};
};

TEST_CASE("a keeper lets go in time though a renewal hangs")
{
    testing::SteppedClock clock;
    testing::RecordingLog log;
    HangingStore store;
    LeaseKeeper keeper{store, clock, log.log(), {"d1", 1}, Instant{}};
    const std::stop_token stopped = keeper.stop_token();

    while (!stopped.stop_requested()) {
        clock.settle(1, stopped);
        clock.advance(k_cancel_poll);
    }

    CHECK(keeper.reason() == StopReason::lease_lost);
    CHECK_FALSE(keeper.holds());
    store.release();
}

TEST_CASE("a lost lease outweighs every other reason, and the first of the others stands")
{
    testing::StillClock clock;
    testing::RecordingLog log;
    testing::RecordingWorkStore store;
    LeaseKeeper keeper{store, clock, log.log(), {"d1", 1}, clock.now()};

    keeper.stop(StopReason::shutdown);
    keeper.stop(StopReason::cancelled);
    CHECK(keeper.reason() == StopReason::shutdown);

    keeper.stop(StopReason::lease_lost);
    keeper.stop(StopReason::cancelled);
    CHECK(keeper.reason() == StopReason::lease_lost);
}

}  // namespace
}  // namespace libra
