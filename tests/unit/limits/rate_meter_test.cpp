#include "api-gateway/limits/rate_meter.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

constexpr Instant k_start{1h};

int taken_at_once(RateMeter& meter, const std::string& caller, Instant now)
{
    int taken = 0;
    while (meter.take(caller, now).allowed) {
        ++taken;
    }
    return taken;
}

TEST_CASE("a full minute's share may come at once, and not one more")
{
    const int limit = GENERATE(1, 2, 7, 60, 600, 1'000'000);
    RateMeter meter{limit};

    CHECK(meter.look("a", k_start).remaining == limit);
    CHECK(taken_at_once(meter, "a", k_start) == limit);
    CHECK(meter.look("a", k_start).remaining == 0);
}

TEST_CASE("what is spent comes back evenly")
{
    RateMeter meter{60};
    taken_at_once(meter, "a", k_start);

    CHECK_FALSE(meter.take("a", k_start + 999ms).allowed);
    CHECK(taken_at_once(meter, "a", k_start + 1s) == 1);
    CHECK(taken_at_once(meter, "a", k_start + 11s) == 10);
    CHECK(taken_at_once(meter, "a", k_start + 10min) == 60);
}

TEST_CASE("a reading says what is left, and when more will be")
{
    RateMeter meter{60};

    const RateReading first = meter.take("a", k_start);
    CHECK(first.limit == 60);
    CHECK(first.remaining == 59);
    CHECK(first.until_full == 1s);
    CHECK(first.until_next == 0s);

    taken_at_once(meter, "a", k_start);
    const RateReading last = meter.take("a", k_start + 300ms);
    CHECK_FALSE(last.allowed);
    CHECK(last.remaining == 0);
    CHECK(last.until_full == 60s);
    CHECK(last.until_next == 1s);
}

TEST_CASE("whoever waits as long as a refusal says is let in")
{
    const int limit = GENERATE(1, 3, 7, 600);
    RateMeter meter{limit};
    taken_at_once(meter, "a", k_start);
    const RateReading refused = meter.take("a", k_start + 10ms);

    CHECK(meter.take("a", k_start + 10ms + refused.until_next).allowed);
}

TEST_CASE("a refusal costs nothing")
{
    RateMeter meter{60};
    taken_at_once(meter, "a", k_start);
    for (int i = 0; i < 100; ++i) {
        meter.take("a", k_start + 500ms);
    }

    CHECK(meter.take("a", k_start + 1s).allowed);
}

TEST_CASE("callers do not share")
{
    RateMeter meter{2};
    taken_at_once(meter, "a", k_start);

    CHECK(taken_at_once(meter, "b", k_start) == 2);
}

TEST_CASE("of too many callers the one that was away longest is forgotten")
{
    RateMeter meter{2, 2};
    taken_at_once(meter, "a", k_start);
    taken_at_once(meter, "b", k_start);
    meter.take("a", k_start + 30s);

    meter.take("c", k_start + 30s);

    CHECK(meter.look("a", k_start + 30s).remaining == 0);
    CHECK(meter.look("b", k_start + 30s).remaining == 2);
}

}  // namespace
}  // namespace libra
