#include "shared/base/backoff.hpp"

#include "tests/support/fake_random.hpp"

#include <catch2/catch.hpp>

namespace libra::testing {

namespace {

using std::chrono::milliseconds;

constexpr BackoffPolicy k_policy{
    .base = milliseconds{100},
    .factor = 2.0,
    .cap = milliseconds{1000},
    .jitter = 0.0,
};

}  // namespace

TEST_CASE("pauses grow by the factor up to the cap")
{
    FakeRandom middle;
    Backoff backoff{k_policy, middle};

    CHECK(backoff.next() == milliseconds{100});
    CHECK(backoff.next() == milliseconds{200});
    CHECK(backoff.next() == milliseconds{400});
    CHECK(backoff.next() == milliseconds{800});
    CHECK(backoff.next() == milliseconds{1000});
    CHECK(backoff.next() == milliseconds{1000});
}

TEST_CASE("jitter shifts a pause by at most its share")
{
    BackoffPolicy policy = k_policy;
    policy.jitter = 0.2;
    FakeRandom lowest{0x00};
    FakeRandom highest{0xFF};

    CHECK(backoff_delay(policy, 0, lowest) == milliseconds{80});
    CHECK(backoff_delay(policy, 0, highest) == milliseconds{120});
    CHECK(backoff_delay(policy, 50, highest) == milliseconds{1200});
}

TEST_CASE("a backoff that was reset starts over")
{
    FakeRandom middle;
    Backoff backoff{k_policy, middle};
    backoff.next();
    backoff.next();

    backoff.reset();

    CHECK(backoff.next() == milliseconds{100});
}

TEST_CASE("a very large retry number still gives the cap")
{
    FakeRandom middle;

    CHECK(backoff_delay(k_policy, 1'000'000'000, middle) == milliseconds{1000});
}

}  // namespace libra::testing
