#include "shared/base/clock.hpp"

#include <catch2/catch.hpp>

namespace libra::testing {

TEST_CASE("times are written as RFC 3339 in UTC with milliseconds")
{
    using namespace std::chrono_literals;
    using std::chrono::sys_days;

    CHECK(to_rfc3339(UtcTime{}) == "1970-01-01T00:00:00.000Z");
    CHECK(to_rfc3339(UtcTime{-1ms}) == "1969-12-31T23:59:59.999Z");
    CHECK(
        to_rfc3339(sys_days{std::chrono::year{2025} / 7 / 22} + 10h + 30min + 7ms) ==
        "2025-07-22T10:30:00.007Z"
    );
    CHECK(
        to_rfc3339(sys_days{std::chrono::year{2024} / 2 / 29} + 23h + 59min + 59s) ==
        "2024-02-29T23:59:59.000Z"
    );
}

TEST_CASE("a wait ends at once when stop was requested before it")
{
    SystemClock clock;
    std::stop_source stop;
    stop.request_stop();

    const bool waited = clock.wait_for(std::chrono::hours{1}, stop.get_token());

    CHECK_FALSE(waited);
}

TEST_CASE("a wait that nobody stops runs its time")
{
    SystemClock clock;
    const Instant start = clock.now();

    const bool waited = clock.wait_for(std::chrono::milliseconds{1}, {});

    CHECK(waited);
    CHECK(clock.now() - start >= std::chrono::milliseconds{1});
}

}  // namespace libra::testing
