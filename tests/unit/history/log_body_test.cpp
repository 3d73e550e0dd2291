#include "api-gateway/history/log_body.hpp"

#include "tests/support/fake_history_store.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

struct Fixture {
    explicit Fixture(int lines = 2500)
    {
        for (int number = 1; number <= lines; ++number) {
            history.lines.push_back({.seq = std::int64_t{2} * number, .line = "1234567890"});
        }
    }

    Result<LogEnd> read(const LogBounds& bounds = {}, std::int64_t after = 0)
    {
        return read_log(
            history,
            {.user_id = "u-1"},
            "d-1",
            {.step = StepName::build, .after = after},
            bounds,
            [&](LogEntry&& entry) { taken.push_back(entry.seq); }
        );
    }

    testing::FakeHistoryStore history;
    std::vector<std::int64_t> taken;
};

TEST_CASE("a long log is read in pieces, each line once and in order")
{
    Fixture fixture;

    const LogEnd end = fixture.read().value();

    REQUIRE(fixture.taken.size() == 2500);
    CHECK(std::is_sorted(fixture.taken.begin(), fixture.taken.end()));
    CHECK(end.last == 5000);
    CHECK(end.finished);
    REQUIRE(fixture.history.calls.size() == 3);
    for (const auto& call : fixture.history.calls) {
        CHECK(call.selection.limit == 1000);
        CHECK(call.selection.step == StepName::build);
        CHECK(call.reader.user_id == "u-1");
    }
}

TEST_CASE("a log is read on from where an earlier answer ended")
{
    Fixture fixture;

    const LogEnd first = fixture.read({.lines = 1200}).value();
    const LogEnd rest = fixture.read({}, first.last).value();

    CHECK(first.last == 2400);
    CHECK_FALSE(first.finished);
    CHECK(fixture.taken.size() == 2500);
    CHECK(rest.last == 5000);
    CHECK(rest.finished);
}

TEST_CASE("a log ends with the line that oversteps the bound of its bytes")
{
    Fixture fixture;

    const LogEnd end = fixture.read({.bytes = 95}).value();

    CHECK(fixture.taken.size() == 10);
    CHECK(end.last == 20);
    CHECK_FALSE(end.finished);
}

TEST_CASE("the log of a deployment that runs is not finished")
{
    Fixture fixture{3};
    fixture.history.ended = false;

    const LogEnd end = fixture.read().value();

    CHECK(end.last == 6);
    CHECK_FALSE(end.finished);
    CHECK(fixture.history.calls.size() == 1);
}

TEST_CASE("a log without further lines ends where it was to begin")
{
    Fixture fixture{3};

    const LogEnd end = fixture.read({}, 6).value();

    CHECK(fixture.taken.empty());
    CHECK(end.last == 6);
    CHECK(end.finished);
}

TEST_CASE("a log whose store fails is no log")
{
    Fixture fixture;
    fixture.history.log_failure = Error{Errc::unavailable, "away"};

    CHECK(fixture.read().error().code == Errc::unavailable);
}

}  // namespace
}  // namespace libra
