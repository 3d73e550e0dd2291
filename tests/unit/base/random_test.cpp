#include "shared/base/random.hpp"

#include "tests/support/fake_random.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

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

TEST_CASE("what the kernel's generator fills, small or large, is filled to its ends")
{
    SystemRandom random;
    for (const std::size_t size : {1U, 31U, 256U, 257U, 4096U}) {
        std::vector<std::uint8_t> all(size + 2, 0);
        std::vector<bool> touched(size, false);
        // A byte that stays zero in 64 rounds was not filled.
        for (int round = 0; round < 64; ++round) {
            random.fill(std::span{all}.subspan(1, size));
            for (std::size_t i = 0; i < size; ++i) {
                touched[i] = touched[i] || all[i + 1] != 0;
            }
        }
        CHECK(std::count(touched.begin(), touched.end(), false) == 0);
        CHECK(all.front() == 0);
        CHECK(all.back() == 0);
    }
}

TEST_CASE("ids of different threads do not repeat")
{
    SystemRandom random;
    std::array<std::vector<std::string>, 2> made;
    {
        const std::jthread first{[&] {
            std::generate_n(std::back_inserter(made[0]), 500, [&] { return new_id(random); });
        }};
        const std::jthread second{[&] {
            std::generate_n(std::back_inserter(made[1]), 500, [&] { return new_id(random); });
        }};
    }
    std::set<std::string> ids{made[0].begin(), made[0].end()};
    ids.insert(made[1].begin(), made[1].end());

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
