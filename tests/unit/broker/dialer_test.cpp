#include "shared/broker/amqp_dialer.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_random.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::FakeRandom;
using testing::RecordingLog;

/// Stops the dialer at its `last` pause.
class CountingClock final : public Clock {
public:
    CountingClock(std::size_t last, std::stop_source& stop) : last_{last}, stop_{stop} {}

    Instant now() override { return clock_.now(); }

    UtcTime utc_now() override { return clock_.utc_now(); }

    bool wait_for(std::chrono::milliseconds pause, std::stop_token stop) override
    {
        pauses_.push_back(pause);
        if (pauses_.size() == last_) {
            stop_.request_stop();
        }
        return clock_.wait_for(pause, std::move(stop));
    }

    const std::vector<std::chrono::milliseconds>& pauses() const { return pauses_; }

private:
    std::size_t last_;
    std::stop_source& stop_;
    testing::FakeClock clock_;
    std::vector<std::chrono::milliseconds> pauses_;
};

TEST_CASE("a broker that is not there is tried again with growing pauses and a short log")
{
    std::stop_source stop;
    CountingClock clock{8, stop};
    FakeRandom random;
    RecordingLog log;
    // Fails before it would touch the network.
    const AmqpEndpoint hopeless{.tls = true, .ca_file = "/nowhere/ca.pem"};
    AmqpDialer dialer{
        hopeless, {}, clock, random, log.log(), {.base = 100ms, .cap = 1s, .jitter = 0}};

    const auto connection = dialer.dial(stop.get_token());

    CHECK_FALSE(connection.has_value());
    CHECK(
        clock.pauses() == std::vector{100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms, 1000ms, 1000ms}
    );
    CHECK(log.lines().size() == 4);
    CHECK_THAT(
        log.lines().front(), Catch::Contains("warning") && Catch::Contains("/nowhere/ca.pem")
    );
}

}  // namespace
}  // namespace libra
