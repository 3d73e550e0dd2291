#include "shared/base/random.hpp"

#include "tests/support/fake_random.hpp"

#include <catch2/catch.hpp>

#include <set>

namespace libra::testing {

TEST_CASE("an id is 32 lower-case hexadecimal digits of the generator's bytes")
{
    FakeRandom random{0xA7};

    CHECK(new_id(random) == "a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7");
}

TEST_CASE("ids of the kernel's generator do not repeat")
{
    SystemRandom random;
    std::set<std::string> ids;

    for (int i = 0; i < 1000; ++i) {
        ids.insert(new_id(random));
    }

    CHECK(ids.size() == 1000);
}

TEST_CASE("the unit interval has zero and not one")
{
    FakeRandom lowest{0x00};
    FakeRandom highest{0xFF};

    CHECK(unit_interval(lowest) == 0.0);
    CHECK(unit_interval(highest) < 1.0);
    CHECK(unit_interval(highest) > 0.999999);
}

}  // namespace libra::testing
