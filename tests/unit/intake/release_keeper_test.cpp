#include "deploy-worker/intake/release_keeper.hpp"

#include "tests/support/fake_rescue_store.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/recording_target.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Calls = std::vector<std::string>;

struct Fixture {
    Fixture() { target.releases = {"a-1", "b-1", "c-1"}; }

    testing::FakeRescueStore store;
    testing::RecordingTarget target;
    testing::RecordingLog log;
    ReleaseKeeper keeper{store, target, 3, log.log()};
};

TEST_CASE("a keeper removes what the store says nobody needs, and tidies up after it")
{
    Fixture fixture;
    fixture.store.unneeded = Calls{"a-1", "c-1"};

    fixture.keeper.pass({});

    CHECK(fixture.store.kept == std::vector<int>{3});
    CHECK(fixture.store.asked_for == std::vector<Calls>{{"a-1", "b-1", "c-1"}});
    CHECK(fixture.target.calls == Calls{"remove a-1", "remove c-1", "tidy"});
}

TEST_CASE("a keeper removes nothing that the store has not forgotten before")
{
    Fixture fixture;
    fixture.store.unneeded = Calls{"a-1"};
    SECTION("because the store is away")
    {
        fixture.store.forget_releases_answer = Error{Errc::unavailable, "away"};
    }
    SECTION("because the store goes away")
    {
        fixture.store.unneeded = Error{Errc::unavailable, "away"};
    }

    fixture.keeper.pass({});

    CHECK(fixture.target.releases.size() == 3);
}

TEST_CASE("a release that cannot be removed does not keep others")
{
    Fixture fixture;
    fixture.store.unneeded = Calls{"a-1", "b-1"};
    fixture.target.switch_answers = {Error{Errc::unavailable, "busy"}};

    fixture.keeper.pass({});

    CHECK(fixture.target.calls == Calls{"remove a-1", "remove b-1", "tidy"});
}

TEST_CASE("many uploads are asked for in several statements")
{
    Fixture fixture;
    for (int i = 0; i < 2000; ++i) {
        fixture.target.releases.insert("d" + std::to_string(i));
    }

    fixture.keeper.pass({});

    REQUIRE(fixture.store.asked_for.size() == 3);
    CHECK(fixture.store.asked_for[2].size() == 3);
}

}  // namespace
}  // namespace libra
