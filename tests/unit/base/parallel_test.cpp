#include "shared/base/parallel.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <latch>
#include <stdexcept>

namespace libra {
namespace {

TEST_CASE("every task is done once, however many threads there are")
{
    const std::size_t threads = GENERATE(0U, 1U, 3U, 100U);
    std::array<std::atomic<int>, 20> done{};

    const Result<void> all = in_parallel(done.size(), threads, [&](std::size_t i) -> Result<void> {
        ++done.at(i);
        return {};
    });

    CHECK(all.has_value());
    for (const std::atomic<int>& count : done) {
        CHECK(count == 1);
    }
    CHECK(in_parallel(0, threads, [](std::size_t) -> Result<void> { throw 1; }).has_value());
}

TEST_CASE("as many tasks as there are threads are under way at the same time")
{
    std::latch all_there{3};

    const Result<void> all = in_parallel(3, 3, [&](std::size_t) -> Result<void> {
        all_there.arrive_and_wait();
        return {};
    });

    CHECK(all.has_value());
}

TEST_CASE("after an error no further task is begun, and the error is told")
{
    int begun = 0;

    const Result<void> all = in_parallel(10, 1, [&](std::size_t i) -> Result<void> {
        ++begun;
        return i == 3 ? Result<void>{Error{Errc::unavailable, "the disk"}} : Result<void>{};
    });

    REQUIRE(all.has_error());
    CHECK(all.error().detail == "the disk");
    CHECK(begun == 4);
}

TEST_CASE("what a task throws comes out, from whichever thread")
{
    std::latch both{2};
    const auto task = [&](std::size_t i) -> Result<void> {
        both.arrive_and_wait();
        if (i == 1) {
            throw std::runtime_error{"no memory"};
        }
        return {};
    };

    CHECK_THROWS_WITH(in_parallel(2, 2, task), "no memory");
}

}  // namespace
}  // namespace libra
