#include "deploy-worker/intake/rescuer.hpp"

#include "tests/support/fake_rescue_store.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/recording_target.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

struct Fixture {
    testing::FakeRescueStore store;
    testing::RecordingTarget target;
    testing::RecordingLog log;
    std::optional<std::int64_t> backlog{0};
    Rescuer rescuer{store, target, [this] { return backlog; }, log.log()};
};

TEST_CASE("a rescuer tells the store whether the queue is known to be empty")
{
    Fixture fixture;

    fixture.rescuer.pass();
    fixture.backlog = 7;
    fixture.rescuer.pass();
    fixture.backlog = std::nullopt;
    fixture.rescuer.pass();

    CHECK(fixture.store.announced_with == std::vector<bool>{true, false, false});
    CHECK(fixture.store.fills == 3);
    CHECK(fixture.store.forgets == 3);
}

TEST_CASE("a rescuer switches a site back to what is live")
{
    Fixture fixture;
    fixture.store.sites = {
        {.site_label = "shop",
         .domains = {"shop.example.com"},
         .ticket = 9,
         .release_name = "d1-1"},
        {.site_label = "empty", .ticket = 2}};

    fixture.rescuer.settle_sites();

    CHECK(
        fixture.target.calls ==
        std::vector<std::string>{"switch shop 9 d1-1 shop.example.com", "switch empty 2 -"}
    );
}

TEST_CASE("what a rescuer cannot do now does not keep it from the rest")
{
    Fixture fixture;
    fixture.store.announce_answer = Error{Errc::unavailable, "away"};
    fixture.store.fill_answer = Error{Errc::unavailable, "away"};

    fixture.rescuer.pass();

    CHECK(fixture.store.forgets == 1);
}

TEST_CASE("a site that cannot be restored now keeps no name from its change, and is tried again")
{
    Fixture fixture;
    fixture.store.sites = {{.site_label = "shop", .ticket = 1}};
    fixture.store.names = {{.name = "shop.example.com", .ticket = 3}};
    fixture.target.switch_answers = {Error{Errc::unavailable, "disk full"}};

    fixture.rescuer.settle_sites();
    fixture.rescuer.settle_sites();

    CHECK(fixture.target.calls.size() == 4);
}

TEST_CASE("a rescuer makes the target follow names that changed hands")
{
    Fixture fixture;
    fixture.store.names = {
        {.name = "shop.example.com", .ticket = 3, .release_name = "d1-1"},
        {.name = "old-shop", .ticket = 4}};

    fixture.rescuer.settle_sites();

    CHECK(
        fixture.target.calls ==
        std::vector<std::string>{"name shop.example.com 3 d1-1", "name old-shop 4 -"}
    );
}

TEST_CASE("a target that cannot follow now is asked again")
{
    Fixture fixture;
    fixture.store.names = {{.name = "shop.example.com", .ticket = 3}};
    fixture.target.switch_answers = {Error{Errc::unavailable, "disk full"}};

    fixture.rescuer.settle_sites();
    fixture.rescuer.settle_sites();

    CHECK(fixture.target.calls.size() == 2);
}

}  // namespace
}  // namespace libra
