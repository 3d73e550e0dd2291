#include "api-gateway/auth/admitted_jwts.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

const Digest k_one = sha256("one");
const Digest k_two = sha256("two");
const Digest k_three = sha256("three");

struct Fixture {
    SharedJwkSet keys{std::make_shared<const JwkSet>()};
    AdmittedJwts admitted{2};
};

TEST_CASE_METHOD(Fixture, "a JWT is admitted until its end and not at it")
{
    admitted.add(k_one, keys, UtcTime{10s});

    CHECK(admitted.contains(k_one, keys, UtcTime{9999ms}));
    CHECK_FALSE(admitted.contains(k_one, keys, UtcTime{10s}));
    CHECK_FALSE(admitted.contains(k_two, keys, UtcTime{0s}));
}

TEST_CASE_METHOD(Fixture, "what is added again has the later end and no second place")
{
    admitted.add(k_one, keys, UtcTime{10s});
    admitted.add(k_one, keys, UtcTime{20s});
    admitted.add(k_two, keys, UtcTime{20s});

    CHECK(admitted.contains(k_one, keys, UtcTime{15s}));
    CHECK(admitted.contains(k_two, keys, UtcTime{15s}));
}

TEST_CASE_METHOD(Fixture, "the newest push out the oldest")
{
    admitted.add(k_one, keys, UtcTime{10s});
    admitted.add(k_two, keys, UtcTime{10s});
    admitted.add(k_three, keys, UtcTime{10s});

    CHECK_FALSE(admitted.contains(k_one, keys, UtcTime{1s}));
    CHECK(admitted.contains(k_two, keys, UtcTime{1s}));
    CHECK(admitted.contains(k_three, keys, UtcTime{1s}));
}

TEST_CASE_METHOD(Fixture, "with other keys nothing is admitted that was before")
{
    const auto others = std::make_shared<const JwkSet>();
    admitted.add(k_one, keys, UtcTime{10s});

    CHECK_FALSE(admitted.contains(k_one, others, UtcTime{1s}));

    // Found good by a thread that has not seen the new keys yet.
    admitted.add(k_two, keys, UtcTime{10s});
    CHECK_FALSE(admitted.contains(k_two, others, UtcTime{1s}));
}

}  // namespace
}  // namespace libra
