#include "shared/http/bounded_pool.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>

namespace libra {
namespace {

TEST_CASE("a full pool refuses work and takes it again once there is room")
{
    BoundedPool pool{1, 1};
    std::promise<void> begun;
    std::promise<void> gate;
    std::promise<void> finished;
    REQUIRE(pool.try_submit([&] {
        begun.set_value();
        gate.get_future().wait();
    }));
    begun.get_future().wait();
    REQUIRE(pool.try_submit([&] { finished.set_value(); }));

    const bool third = pool.try_submit([] {});
    gate.set_value();
    finished.get_future().wait();

    CHECK_FALSE(third);
    CHECK(pool.try_submit([] {}));
}

TEST_CASE("a stopping pool finishes what has begun and drops what waits")
{
    std::promise<void> begun;
    std::promise<void> gate;
    std::atomic<int> done{0};
    {
        BoundedPool pool{1, 8};
        pool.try_submit([&] {
            begun.set_value();
            gate.get_future().wait();
            ++done;
        });
        begun.get_future().wait();
        gate.set_value();
    }

    CHECK(done == 1);
}

TEST_CASE("a stopped pool refuses work")
{
    BoundedPool pool{1, 8};

    pool.stop();

    CHECK_FALSE(pool.try_submit([] {}));
}

}  // namespace
}  // namespace libra
